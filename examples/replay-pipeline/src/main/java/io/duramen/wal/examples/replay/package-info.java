/// An example: an access log goes into a log of Duramen and comes out again as a table of requests
/// per minute and status.
///
/// In reading order:
///
/// - [AccessLogReplay]: the two streams, one that appends and one that replays. Start here.
/// - [AccessLogLine]: a line, taken apart, or found to be malformed.
/// - [StatusTable]: what the replay counts, and how it is printed.
/// - [AccessLogFile]: where lines come from: a file, or the sample in this jar.
/// - [ReplayCommand], [ReplayMain], [Progress]: the command line around it.
///
/// Invariants: line `n` of the file, counted from 0, is entry `n` of the log; standard output
/// carries the table and nothing else; memory grows with the minutes in the table and with nothing
/// else.
package io.duramen.wal.examples.replay;
