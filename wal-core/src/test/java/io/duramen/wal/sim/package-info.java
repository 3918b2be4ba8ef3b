/// A disk that can lose power, in memory and from one seed: what does a log keep when every sector
/// that was not synced may or may not have reached the device?
///
/// - [SimDisk][io.duramen.wal.sim.SimDisk]: names, files, locks; the page cache and the device kept
///   apart
/// - [SimFile][io.duramen.wal.sim.SimFile]: one file's two images, and what is between them
/// - [SimScheduler][io.duramen.wal.sim.SimScheduler]: executes chains at once, on the caller's
///   thread
/// - [SimFaults][io.duramen.wal.sim.SimFaults]: when the power fails, which calls fail
package io.duramen.wal.sim;
