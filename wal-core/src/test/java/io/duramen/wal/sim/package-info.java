/// A machine in memory, from one seed: what does a log keep when the power fails at any step, and
/// every sector, name and size that was not synced may or may not have reached the device?
///
/// The machine:
///
/// - [SimDisk][io.duramen.wal.sim.SimDisk]: names, directories, locks; what is shown and what is
///   durable kept apart
/// - [SimFile][io.duramen.wal.sim.SimFile]: one file's content, as shown and as on the device
/// - [SimOpenFile][io.duramen.wal.sim.SimOpenFile]: a descriptor; where calls go wrong
/// - [SimFaults][io.duramen.wal.sim.SimFaults]: when the power fails, which calls go wrong and how
/// - [SimScheduler][io.duramen.wal.sim.SimScheduler]: executes chains at once, on the caller's
///   thread
/// - [SimThreads][io.duramen.wal.sim.SimThreads]: background work, in turns with the rest
/// - [SimClock][io.duramen.wal.sim.SimClock] and [SimTimer][io.duramen.wal.sim.SimTimer]: time
/// - [SimMachine][io.duramen.wal.sim.SimMachine]: all of it, from one start to the next
/// - [SimImage][io.duramen.wal.sim.SimImage]: what a device holds after a power failure
/// - [RecycledArena][io.duramen.wal.sim.RecycledArena]: memory that is used again at once
/// - [Dice][io.duramen.wal.sim.Dice]: chance, from a seed
///
/// What is done to a log on it:
///
/// - [Operation][io.duramen.wal.sim.Operation]: the things a writer does, by name and weight; **add
///   new ones here**
/// - [LogSession][io.duramen.wal.sim.LogSession]: a log in use, which they act on
/// - [LogOracle][io.duramen.wal.sim.LogOracle]: what was promised, and so what must be found
/// - [SimulatedLife][io.duramen.wal.sim.SimulatedLife]: a random life of a log
/// - [PowerFailures][io.duramen.wal.sim.PowerFailures] and
///   [CrashSearch][io.duramen.wal.sim.CrashSearch]: every way to end small workloads
package io.duramen.wal.sim;
