// A worker that never gets as far as taking messages.
process.exit(1);
