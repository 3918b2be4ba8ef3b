/// The `wal` command: a log seen from a terminal.
///
/// In reading order:
///
/// - [WalMain]: from arguments to an exit code, and from a failure to one sentence.
/// - [WalCommand]: the options that every command shares, and the list of commands. A command is
///   one class of its own in this package, named in that list.
/// - [ExitCode]: what a script may rely on.
///
/// Invariants: standard output carries what was asked for and nothing else; everything said about
/// it goes to standard error.
package io.duramen.wal.tools;
