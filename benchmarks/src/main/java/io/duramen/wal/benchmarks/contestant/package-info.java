/// Who is measured, each at the best settings its documentation has for the case?
///
/// [Entrant][io.duramen.wal.benchmarks.contestant.Entrant] lists them and opens a
/// [Contestant][io.duramen.wal.benchmarks.contestant.Contestant]; what one can do is said by the
/// interfaces it implements. A contestant does nothing but pass calls on: whatever is measured is
/// the library behind it. All append the same bytes (`TestPayload`) and look at what they read
/// (`Sight`).
package io.duramen.wal.benchmarks.contestant;
