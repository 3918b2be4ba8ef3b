package io.duramen.wal.benchmarks.contestant;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.duramen.wal.benchmarks.harness.Parameters;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.agrona.IoUtil;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/// Aeron Archive, its media driver and its client in one process, recording an IPC publication. It
/// syncs with file sync level 2 where the case asks for `synced` and with level 0, never, where it
/// does not; an entry is there when the recording's position has reached it.
final class AeronLog implements Contestant.Calling, Contestant.Bulk {
    /// What its documentation asks for since Java 17.
    static final List<String> JVM_ARGUMENTS =
            List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    private static final String PREFIX = "duramen-bench-aeron-";
    private static final String CHANNEL = "aeron:ipc?term-length=64m";
    private static final String CONTROL = "aeron:ipc?term-length=64k";
    private static final int STREAM = 7;
    private static final int SYNC_NEVER = 0;
    private static final int SYNC_DATA_AND_METADATA = 2;
    private static final long PARK_MAX_NANOS = 50_000;

    private final ArchivingMediaDriver driver;
    private final AeronArchive archive;
    private final Path memory;
    private final UnsafeBuffer payload;
    private final boolean synced;
    private ExclusivePublication bulk;
    private Publication shared;

    static AeronLog open(Path directory, Parameters parameters) throws IOException {
        Path inMemory = Path.of("/dev/shm");
        Path parent = Files.isDirectory(inMemory) ? inMemory : directory;
        Files.createDirectories(parent);
        deleteLeftBehind(parent);
        return new AeronLog(directory,
                parent.resolve(PREFIX + ProcessHandle.current().pid()), parameters);
    }

    /// A process that was killed leaves its media driver's files in memory.
    private static void deleteLeftBehind(Path parent) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : old) {
                long pid = Long.parseLong(
                        folder.getFileName().toString().substring(PREFIX.length()));
                if (ProcessHandle.of(pid).isEmpty()) {
                    IoUtil.delete(folder.toFile(), true);
                }
            }
        }
    }

    private AeronLog(Path directory, Path memory, Parameters parameters) {
        this.memory = memory;
        this.synced = parameters.isSynced();
        this.payload = new UnsafeBuffer(TestPayload.direct(parameters));
        int level = synced ? SYNC_DATA_AND_METADATA : SYNC_NEVER;
        this.driver = ArchivingMediaDriver.launch(
                new MediaDriver.Context().aeronDirectoryName(memory.toString())
                        .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(idle())
                        .dirDeleteOnStart(true).dirDeleteOnShutdown(true),
                new Archive.Context().aeronDirectoryName(memory.toString())
                        .archiveDirectoryName(directory.toString())
                        .threadingMode(ArchiveThreadingMode.DEDICATED)
                        .recorderIdleStrategySupplier(AeronLog::idle)
                        .idleStrategySupplier(AeronLog::idle)
                        .replayerIdleStrategySupplier(AeronLog::idle)
                        .archiveClientContext(new AeronArchive.Context()
                                .controlResponseChannel(CONTROL))
                        .controlChannelEnabled(false).localControlChannel(CONTROL)
                        .recordingEventsEnabled(false).replicationChannel("aeron:ipc")
                        .fileSyncLevel(level).catalogFileSyncLevel(level));
        try {
            this.archive = AeronArchive.connect(new AeronArchive.Context()
                    .aeronDirectoryName(memory.toString()).controlRequestChannel(CONTROL)
                    .controlRequestStreamId(driver.archive().context().localControlStreamId())
                    .controlResponseChannel(CONTROL));
        } catch (RuntimeException refused) {
            driver.close();
            throw refused;
        }
    }

    private static IdleStrategy idle() {
        return new BackoffIdleStrategy(100, 10, 1_000, PARK_MAX_NANOS);
    }

    @Override
    public Map<String, String> facts() {
        return Map.of(DRIVER, "FileChannel", MODE, "buffered, sparse", SYNC,
                synced ? "before each answer, level 2" : "never, level 0");
    }

    @Override
    public synchronized Caller caller() {
        if (shared == null) {
            shared = archive.addRecordedPublication(CHANNEL, STREAM);
        }
        Recording recording = new Recording(shared.sessionId());
        return () -> {
            IdleStrategy waiting = idle();
            long position = shared.offer(payload);
            while (position < 0) {
                requireLive(position);
                waiting.idle();
                position = shared.offer(payload);
            }
            recording.await(position);
            return -1;
        };
    }

    @Override
    public void appendAll(long count) {
        if (bulk == null) {
            bulk = archive.addRecordedExclusivePublication(CHANNEL, STREAM);
        }
        IdleStrategy waiting = idle();
        for (long i = 0; i < count; i++) {
            long position = bulk.offer(payload);
            while (position < 0) {
                requireLive(position);
                waiting.idle();
                position = bulk.offer(payload);
            }
            waiting.reset();
        }
        new Recording(bulk.sessionId()).await(bulk.position());
    }

    private static void requireLive(long position) {
        if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException("the publication has ended: " + position);
        }
    }

    /// How far a publication has been recorded.
    private final class Recording {
        private final CountersReader counters = archive.context().aeron().countersReader();
        private final int counter;

        Recording(int sessionId) {
            IdleStrategy waiting = idle();
            int found = RecordingPos.findCounterIdBySession(counters, sessionId,
                    archive.archiveId());
            while (found == CountersReader.NULL_COUNTER_ID) {
                waiting.idle();
                found = RecordingPos.findCounterIdBySession(counters, sessionId,
                        archive.archiveId());
            }
            counter = found;
        }

        void await(long position) {
            IdleStrategy waiting = idle();
            while (counters.getCounterValue(counter) < position) {
                if (counters.getCounterState(counter) != CountersReader.RECORD_ALLOCATED) {
                    throw new IllegalStateException("the recording has ended");
                }
                waiting.idle();
            }
        }
    }

    @Override
    public void close() {
        archive.close();
        driver.close();
        if (Files.exists(memory)) {
            throw new IllegalStateException("the media driver left " + memory + " behind");
        }
    }
}
