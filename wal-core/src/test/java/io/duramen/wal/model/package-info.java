/// Is the protocol of commit, rotation, trim, reuse and truncation right, apart from the code that
/// follows it?
/// A model of it, small enough that every state is visited.
///
/// - [Protection][io.duramen.wal.model.Protection]: what the protocol does to keep its promises;
///   each can be left out
/// - [Disk][io.duramen.wal.model.Disk]: what the system shows and what is on the device
/// - [Content][io.duramen.wal.model.Content]: what is written to it
/// - [World][io.duramen.wal.model.World]: a state
/// - [Writing][io.duramen.wal.model.Writing], [Truncating][io.duramen.wal.model.Truncating] and
///   [Recovering][io.duramen.wal.model.Recovering]: the steps
/// - [CrashModel][io.duramen.wal.model.CrashModel]: which steps there are from each state
/// - [Explorer][io.duramen.wal.model.Explorer]: visits all, and tells the shortest way to one that
///   breaks a promise
package io.duramen.wal.model;
