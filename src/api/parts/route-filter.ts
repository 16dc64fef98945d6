import type { ValidationRule } from '../schema.ts';

/** A filter has exactly the settings that its type names: `['cors', 'CORS']` pairs a field with its type. */
export function settingsMatchType(
  pairs: readonly (readonly [field: string, type: string])[],
): readonly ValidationRule[] {
  return pairs.flatMap(([field, type]) => [
    {
      message: `filter.${field} must be nil if the filter.type is not ${type}`,
      rule: `!(has(self.${field}) && self.type != '${type}')`,
    },
    {
      message: `filter.${field} must be specified for ${type} filter.type`,
      rule: `!(!has(self.${field}) && self.type == '${type}')`,
    },
  ]);
}

/** Filters of these types occur at most once in a list of filters. */
export function notRepeated(...types: readonly string[]): readonly ValidationRule[] {
  return types.map((type) => ({
    message: `${type} filter cannot be repeated`,
    rule: `self.filter(f, f.type == '${type}').size() <= 1`,
  }));
}

/** The sum of an expression over the rules of a route, of which there are 16 at most; CEL has no sum of its own. */
export function matchesOfAllRules(matchesOfRule: (rule: string) => string): ValidationRule {
  const terms = Array.from(
    { length: 16 },
    (_, index) => `(self.size() > ${index} ? ${matchesOfRule(`self[${index}]`)} : 0)`,
  );
  return {
    message:
      'While 16 rules and 64 matches per rule are allowed, the total number of matches across all rules in a route ' +
      'must be less than 128',
    rule: `${terms.join(' + ')} <= 128`,
  };
}
