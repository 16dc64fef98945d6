import { Command, Option } from 'commander';
import {
  parseAddressBlock,
  parseAddressPool,
  parseCount,
  parseEndpoint,
  parseFormat,
  parseIpAddress,
  parsePort,
  parsePortOffset,
} from './parse-arguments.ts';

/**
 * The command line: names, options and help. What a command does is loaded when it runs, so that the others start at once.
 * Mistakes are thrown as `CommanderError`, after their message was written.
 */
export function createProgram(): Command {
  const program = new Command('sallyport')
    .description('A Kubernetes Gateway API gateway, with or without a cluster.')
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .showSuggestionAfterError();
  for (const add of [addServe, addController, addQuickstart, addEcho, addVersion]) add(program);
  return program;
}

function addServe(program: Command): void {
  withGatewayOptions(withServerOptions(program.command('serve')))
    .description('Serve manifests and whatever kubectl writes to the embedded Kubernetes API.')
    .argument('[PATH...]', 'manifest files or directories; "-" reads standard input')
    .option('--controller-name <NAME>', 'adopt only GatewayClasses of this controller; repeatable', append)
    .option('--data-dir <DIR>', 'keep what is written through the API across restarts and crashes')
    .action(async (paths, options) => (await import('./commands/serve.ts')).serve(paths, options));
}

function addController(program: Command): void {
  const command = program
    .command('controller')
    .description('Serve the Gateways of a Kubernetes cluster.')
    .requiredOption('--kubeconfig <FILE>', 'where the cluster is, and how to be let in')
    .option('--context <NAME>', "a context of the kubeconfig (default: the kubeconfig's current one)")
    .option(
      '--controller-name <NAME>',
      'adopt the GatewayClasses of this controller',
      'sallyport.dev/gateway-controller',
    );
  withGatewayOptions(withRunOptions(command)).action(async (options) =>
    (await import('./commands/controller.ts')).controller(options),
  );
}

function addQuickstart(program: Command): void {
  withServerOptions(program.command('quickstart'))
    .description('Start two small backends and a Gateway that splits traffic 80/20 between them.')
    .option('--port <N>', 'the port of the Gateway', parsePort, 8080)
    .action(async (options) => (await import('./commands/quickstart.ts')).quickstart(options));
}

function addEcho(program: Command): void {
  program
    .command('echo')
    .description('Start backends that answer with the request they got, for trying things out.')
    .argument('<NAME=ADDRESS:PORT...>', 'backends to start, such as web=127.0.0.1:18001', appendEndpoint)
    .action(async (backends) => (await import('./commands/echo.ts')).echo(backends));
}

function addVersion(program: Command): void {
  program
    .command('version')
    .description('Print the version.')
    .action(async () => (await import('./commands/version.ts')).version());
}

/** The options of every command that brings a Kubernetes API of its own. */
function withServerOptions(command: Command): Command {
  return withRunOptions(
    command
      .option('--kubeconfig-out <FILE>', 'where to write the kubeconfig', '.sallyport/kubeconfig')
      .option('--api-port <N>', 'port of the embedded Kubernetes API; 0 is any free one', parsePort, 0),
  );
}

/** The options of every command that runs a gateway. */
function withRunOptions(command: Command): Command {
  return command
    .option('--admin-port <N>', 'port of metrics and health; 0 is any free one', parsePort, 0)
    .option('--workers <N>', 'worker processes (default: one for each core)', parseCount)
    .option('-o, --output <FORMAT>', 'how changes are told: text or json', parseFormat, 'text');
}

/** The options that say where Gateways listen, and whom they trust. */
function withGatewayOptions(command: Command): Command {
  return command
    .option(
      '--address-pool <CIDR>',
      'loopback addresses of which each Gateway gets its own (default: 127.64.0.0/16)',
      parseAddressPool,
    )
    .addOption(
      new Option('--address <IP>', 'the one address of all Gateways that ask for none')
        .argParser(parseIpAddress)
        .conflicts('addressPool'),
    )
    .option('--port-offset <N>', "added to every listener's port", parsePortOffset, 0)
    .option(
      '--trusted-proxy <CIDR>',
      'believe X-Forwarded-* and X-Request-ID of clients in this block; repeatable',
      appendAddressBlock,
    )
    .option('--allow-external-name', 'let Services of type ExternalName be backends');
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function appendAddressBlock(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseAddressBlock(value)];
}

function appendEndpoint(value: string, before: readonly ReturnType<typeof parseEndpoint>[] = []) {
  return [...before, parseEndpoint(value)];
}
