package io.duramen.wal.probe;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.memory.BufferPoolSettings;
import java.nio.file.Path;
import java.util.Optional;

/// Finds out what a machine offers to logs below a base path. Nothing that it creates stays.
///
/// @param machine where the facts come from
public record Examination(Machine machine) {
    static final String SCRATCH = ".wal-doctor-";

    /// Takes a second or two, longer on a device that is slow.
    ///
    /// @param basePath a folder for logs; it need not be there
    /// @throws InterruptedException when this thread is interrupted; nothing stays then either
    public Findings run(Path basePath) throws InterruptedException {
        BufferPoolSettings pool = BufferPoolSettings.defaults();
        Findings ofMachine = new Findings(basePath, machine.facts(), machine.ring(),
                machine.registration((long) pool.slotBytes() * pool.slots()), Optional.empty(),
                Optional.empty(), Optional.empty());
        Optional<StorageFacts> storage = Optional.empty();
        try {
            storage = Optional.of(machine.storage(ScratchDirectory.nearest(basePath)));
            return with(ofMachine, storage, Optional.of(tryOut(basePath)), Optional.empty());
        } catch (WalException | UnsupportedOperationException obstacle) {
            Interruption.check();
            return with(ofMachine, storage, Optional.empty(),
                    Optional.of(obstacle.getMessage()));
        }
    }

    private Trials tryOut(Path basePath) throws InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.create(basePath, SCRATCH);
                LogEnvironment environment = machine.environment()) {
            return Trials.run(environment, scratch.path(),
                    SyncMeasurement.brief(machine::nanoTime));
        }
    }

    private static Findings with(Findings facts, Optional<StorageFacts> storage,
            Optional<Trials> trials, Optional<String> obstacle) {
        return new Findings(facts.basePath(), facts.machine(), facts.ring(), facts.registration(),
                storage, trials, obstacle);
    }
}
