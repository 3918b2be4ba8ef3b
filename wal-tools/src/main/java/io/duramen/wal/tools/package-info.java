/// The `wal` command: a log seen from a terminal.
///
/// In reading order:
///
/// - [WalMain]: from arguments to an exit code, and from a failure to one sentence.
/// - [WalCommand]: the options that every command shares, and the list of commands. A command is
///   one class of its own in this package, named in that list.
/// - [ExitCode]: what a script may rely on; [FailureSentence]: how a failure is said.
/// - [AppendCommand]: input, cut into entries by a [Splitter], through the stream that applications
///   use. [ReadCommand] and [TailCommand]: entries in an [EntryFormat], through [Printing].
/// - [LogSession]: the actor system and the log of these three, closed in order on a signal.
/// - [InfoCommand], [VerifyCommand], [DumpCommand]: what `LogSurvey`, `LogVerification` and
///   `FragmentCheck` of the core find, as text; they need no actor system.
/// - [DoctorCommand], [BenchCommand]: what `Examination` finds and `Bench` measures, as
///   [DiagnosisText] and [BenchText]; [OrderlyEnd] lets a signal end them without leaving anything.
/// - [RepairCommand] and [SnapshotCommand]: `LogRepair` and `LogSnapshot` of the core, by hand.
///
/// Invariants: standard output carries what was asked for and nothing else; everything said about
/// it goes to standard error. Entries and acknowledgements are bytes and go past picocli's writers,
/// through [StandardStreams].
package io.duramen.wal.tools;
