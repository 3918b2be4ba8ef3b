package io.duramen.wal.bench;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.probe.Interruption;
import io.duramen.wal.probe.PreWrittenFile;
import io.duramen.wal.probe.ScratchDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Measures cases one after the other, each in a log of its own that is deleted behind it.
///
/// @param environment what the logs stand on
/// @param basePath a folder on the file system to be measured; it need not be there
public record Bench(LogEnvironment environment, Path basePath, BenchSettings settings) {
    static final String SCRATCH = ".wal-bench-";

    private static final LogId LOG = LogId.of("bench");
    /// A caller that waits for room is late, and that is measured; it is not refused.
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final long REPLAY_BYTES = 128L << 20;
    private static final long REPLAY_ENTRIES_MAX = 500_000;
    /// Of the payload, which is random bytes, and the same in every run.
    private static final long SEED = 1;

    /// @param onBegin told each case before it is measured
    /// @return an outcome for each of [BenchCase#all(List)], in their order
    /// @throws WalException when writing or reading fails; nothing stays then either
    /// @throws InterruptedException when this thread is interrupted; nothing stays then either
    public List<CaseResult> run(Consumer<BenchCase> onBegin) throws InterruptedException {
        List<CaseResult> results = new ArrayList<>();
        for (BenchCase benchCase : BenchCase.all(settings.modes())) {
            onBegin.accept(benchCase);
            results.add(run(benchCase));
        }
        return List.copyOf(results);
    }

    private CaseResult run(BenchCase benchCase) throws InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.create(basePath, SCRATCH)) {
            return new CaseResult.Measured(benchCase, switch (benchCase) {
                case BenchCase.Append append -> append(append, scratch.path());
                case BenchCase.BareWrite bare -> bareWrite(bare, scratch.path());
                case BenchCase.Replay _ -> replay(scratch.path());
            });
        } catch (WalException.Unsupported missing) {
            return new CaseResult.NotOffered(benchCase, missing.getMessage());
        } catch (WalException failed) {
            throw Interruption.orFailure(failed);
        }
    }

    private Measurement append(BenchCase.Append append, Path directory)
            throws InterruptedException {
        Payload payload = payload();
        ClosedLoop loop = new ClosedLoop(append.callers(),
                settings.caseBytesMax() / groupBytes(), settings.warmUp(), settings.measured());
        try (DiskLog log = open(directory, append.mode())) {
            return loop.run(() -> log.append(payload, append.durability()),
                    settings.payloadBytes());
        }
    }

    private Measurement bareWrite(BenchCase.BareWrite bare, Path directory)
            throws InterruptedException {
        Path path = directory.resolve("bare");
        try (PreWrittenFile file = bare.direct()
                ? PreWrittenFile.direct(environment.disk(), environment.scheduler(), path,
                        groupBytes())
                : PreWrittenFile.buffered(environment.disk(), environment.scheduler(), path,
                        groupBytes())) {
            return new ClosedLoop(1, Long.MAX_VALUE, settings.warmUp(), settings.measured())
                    .run(file::writeAndSync, file.writeBytes());
        }
    }

    private Measurement replay(Path directory) throws InterruptedException {
        long bytes = Math.min(REPLAY_BYTES, settings.caseBytesMax());
        try (DiskLog log = open(directory, IoMode.BUFFERED)) {
            Replay replay = new Replay(log);
            replay.fill(payload(), Math.min(REPLAY_ENTRIES_MAX, bytes / groupBytes()));
            return replay.run(settings.warmUp(), settings.measured());
        }
    }

    private DiskLog open(Path directory, IoMode mode) {
        return DiskLog.open(directory, LOG, LogSettings.defaults().withIoMode(mode)
                .withAdmissionTimeout(PATIENCE), environment);
    }

    private Payload payload() {
        byte[] bytes = new byte[settings.payloadBytes()];
        new Random(SEED).nextBytes(bytes);
        return Payload.of(bytes);
    }

    /// What a group of one entry takes in a file.
    private int groupBytes() {
        return Math.toIntExact(OpenGroup.bytesFor(settings.payloadBytes()));
    }
}
