package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random chains of all kinds, many at a time, some of them with a fault, some given up, against an
/// array of bytes that says what the file must hold. A driver's test extends this.
///
/// The file is cut into lanes; chains that are in flight together touch different lanes, or parts
/// of one that do not overlap. Reads of the last lane may pass the end of the file.
/// `-Dtest.jvm.args=-Dwal.io.model.operations=1000000` on Maven's command line makes a run long.
public abstract class IoModelContract {
    private static final int OPERATIONS = Integer.getInteger("wal.io.model.operations", 5_000);
    private static final int LANES = 16;
    private static final int LANE_BYTES = 1 << 14;
    private static final int CHAIN_MAX = 5;
    private static final int MANY_PIECES = 1_500;

    @TempDir
    Path directory;

    private final ModelFile model = new ModelFile(LANES * LANE_BYTES);
    private final List<ArrayDeque<InFlight>> lanes = new ArrayList<>();
    private final MemorySegment buffers =
            Arena.ofAuto().allocate((long) LANES * 8 * LANE_BYTES, 4096);
    private Random random;
    private IoScheduler scheduler;
    private IoFile file;
    private int operations;

    /// A chain of which the model does not know yet.
    private record InFlight(IoChain chain, IoTicket ticket) {}

    protected abstract Disk newDisk();

    /// A scheduler whose own choices, where it has any, are made by `random`.
    protected abstract IoScheduler newScheduler(MemorySegment buffers, Random random);

    /// Whether chains are also cancelled and given limited time: not where a test makes the driver
    /// believe that something did not happen.
    protected boolean givesUp() {
        return true;
    }

    @Test
    void random_chains_with_faults_leave_what_the_model_holds() {
        random = Seed.random(getClass().getSimpleName());
        Disk disk = newDisk();
        Path path = directory.resolve("file");
        try (IoFile created = disk.create(path);
                IoFile readOnly = disk.open(path, Disk.Access.READ_ONLY);
                IoScheduler faulty = new FaultyScheduler(
                        newScheduler(buffers, new Random(random.nextLong())), readOnly, random)) {
            file = created;
            file.resize(model.sizeBytes());
            scheduler = faulty;
            for (int lane = 0; lane < LANES; lane++) {
                lanes.add(new ArrayDeque<>());
            }
            while (operations < OPERATIONS) {
                step(random.nextInt(LANES));
            }
            lanes.forEach(this::settle);
            IoStatistics.Chains chains = faulty.statistics().chains();
            assertThat(model.faults()).isPositive();
            assertThat(model.givenUp() > 0).isEqualTo(givesUp());
            assertThat(chains.failed()).isEqualTo(model.failedChains());
            assertThat(chains.completed()).isEqualTo(chains.submitted());
            System.out.println(getClass().getSimpleName() + ": " + operations + " operations, "
                    + chains.completed() + " chains, " + model.faults() + " operations failed, "
                    + model.givenUp() + " were given up, " + faulty.statistics().operations());
        }
        assertThat(model.mismatch(content(disk, path))).isEqualTo(-1);
    }

    private static byte[] content(Disk disk, Path path) {
        try (Arena arena = Arena.ofConfined(); IoFile file = disk.open(path,
                Disk.Access.READ_ONLY)) {
            return file.map(IoFile.Mapping.READ_ONLY, 0, file.sizeBytes(), arena)
                    .toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private void step(int lane) {
        settle(lanes.get(lane));
        if (random.nextInt(4) == 0) {
            submitNeighbours(lane);
        } else {
            start(lane, anyChain(lane));
        }
        if (givesUp() && random.nextInt(4) == 0) {
            lanes.get(random.nextInt(LANES)).forEach(inFlight -> inFlight.ticket().cancel());
        }
    }

    private IoChain anyChain(int lane) {
        List<IoOperation> chain = new ArrayList<>();
        int length = 1 + random.nextInt(CHAIN_MAX);
        for (int i = 0; i < length; i++) {
            chain.add(anyOperation(lane, i));
        }
        return limited(new IoChain(chain, random.nextInt(3) == 0
                ? IoChain.Link.HARD_LINKED : IoChain.Link.LINKED, Optional.empty()));
    }

    private IoOperation anyOperation(int lane, int index) {
        int start = random.nextInt(LANE_BYTES);
        int size = random.nextInt(LANE_BYTES / 4);
        int offset = lane * LANE_BYTES + start;
        MemorySegment bytes = buffer(lane, index, size);
        MemorySegment inLane = bytes.asSlice(0, Math.min(size, LANE_BYTES - start));
        MemorySegment toRead = lane == LANES - 1 ? bytes : inLane;
        return switch (random.nextInt(16)) {
            case 0 -> new Fdatasync(file);
            case 1 -> new Fsync(file);
            case 2 -> new Fallocate(file, offset, 1 + random.nextInt(LANE_BYTES - start));
            case 3, 4 -> new Read(file, toRead, offset);
            case 5, 6, 7 -> new Readv(file, cut(toRead), offset);
            case 8, 9, 10 -> new Writev(file, cut(randomize(inLane)), offset);
            default -> new Write(file, randomize(inLane), offset);
        };
    }

    private List<MemorySegment> cut(MemorySegment bytes) {
        int count = random.nextInt(32) == 0 ? MANY_PIECES : 1 + random.nextInt(10);
        return IoSchedulerChainContract.cut(random, bytes, count);
    }

    private IoChain limited(IoChain chain) {
        return givesUp() && random.nextInt(8) == 0
                ? chain.within(Duration.ofNanos(1 + random.nextInt(2_000_000))) : chain;
    }

    /// Several chains at once, each with a write behind that of the one before.
    private void submitNeighbours(int lane) {
        int count = 2 + random.nextInt(6);
        int size = 1 + random.nextInt(LANE_BYTES / 8);
        int start = lane * LANE_BYTES + random.nextInt(LANE_BYTES - count * size + 1);
        for (int i = 0; i < count; i++) {
            Write write = new Write(file, randomize(buffer(lane, i, size)), start + i * size);
            IoChain chain = random.nextBoolean() ? IoChain.of(write)
                    : IoChain.of(write, new Fdatasync(file));
            submit(lane, limited(chain));
        }
    }

    /// Buffers of one lane do not overlap.
    private MemorySegment buffer(int lane, int index, int size) {
        return buffers.asSlice((lane * 8L + index) * LANE_BYTES, size);
    }

    private MemorySegment randomize(MemorySegment bytes) {
        byte[] content = new byte[(int) bytes.byteSize()];
        random.nextBytes(content);
        return bytes.copyFrom(MemorySegment.ofArray(content));
    }

    private void start(int lane, IoChain chain) {
        if (random.nextInt(4) > 0) {
            submit(lane, chain);
        } else {
            operations += chain.operations().size();
            model.apply(chain, scheduler.execute(chain));
        }
    }

    private void submit(int lane, IoChain chain) {
        operations += chain.operations().size();
        lanes.get(lane).add(new InFlight(chain, scheduler.submit(chain)));
    }

    private void settle(ArrayDeque<InFlight> lane) {
        while (!lane.isEmpty()) {
            InFlight next = lane.poll();
            model.apply(next.chain(), next.ticket().await());
        }
    }
}
