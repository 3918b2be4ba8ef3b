/// Processes that append until they are killed: is everything there that they said was
/// acknowledged? Other modules kill writers of their own with it.
///
/// - [WriterOptions][io.duramen.wal.killed.WriterOptions]: what a writer process is told
/// - [WriterOutput][io.duramen.wal.killed.WriterOutput]: what it tells
/// - [CoreWriter][io.duramen.wal.killed.CoreWriter]: the one without actors
/// - [FencedWriter][io.duramen.wal.killed.FencedWriter]: one that another one takes the log from
/// - [KilledProcess][io.duramen.wal.killed.KilledProcess]: one of them, from outside
/// - [Promises][io.duramen.wal.killed.Promises]: what must be in the log by what they told
/// - [KillLoop][io.duramen.wal.killed.KillLoop]: kills one after the other, and compares
package io.duramen.wal.killed;
