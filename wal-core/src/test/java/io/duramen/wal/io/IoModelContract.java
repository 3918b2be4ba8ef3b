package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random chains, many at a time, some of them with a fault, against an array of bytes that says
/// what the file must hold. A driver's test extends this.
///
/// The file is cut into lanes; chains that are in flight together touch different lanes, or parts
/// of one that do not overlap. Reads of the last lane may pass the end of the file.
/// `-Dtest.jvm.args=-Dwal.io.model.operations=1000000` on Maven's command line makes a run long.
public abstract class IoModelContract {
    private static final int OPERATIONS = Integer.getInteger("wal.io.model.operations", 5_000);
    private static final int LANES = 16;
    private static final int LANE_BYTES = 1 << 14;
    private static final int EBADF = 9;

    @TempDir
    Path directory;

    private final byte[] model = new byte[LANES * LANE_BYTES];
    private final List<ArrayDeque<InFlight>> lanes = new ArrayList<>();
    private final MemorySegment buffers = Arena.ofAuto().allocate(model.length * 8L, 4096);
    private Random random;
    private IoScheduler scheduler;
    private IoFile file;
    private int operations;
    private int failures;

    /// A chain of which the model does not know yet.
    private record InFlight(IoChain chain, IoTicket ticket) {}

    protected abstract Disk newDisk();

    /// A scheduler whose own choices, where it has any, are made by `random`.
    protected abstract IoScheduler newScheduler(MemorySegment buffers, Random random);

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
            file.resize(model.length);
            scheduler = faulty;
            for (int lane = 0; lane < LANES; lane++) {
                lanes.add(new ArrayDeque<>());
            }
            while (operations < OPERATIONS) {
                step(random.nextInt(LANES));
            }
            lanes.forEach(this::settle);
            assertThat(failures).isPositive();
            assertThat(faulty.statistics().chains().failed()).isEqualTo(failures);
        }
        assertThat(Arrays.mismatch(content(disk, path), model)).isEqualTo(-1);
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
            submitChain(lane);
        }
    }

    /// One chain with anything in it.
    private void submitChain(int lane) {
        List<IoOperation> chain = new ArrayList<>();
        int length = 1 + random.nextInt(5);
        for (int i = 0; i < length; i++) {
            int start = random.nextInt(LANE_BYTES);
            int size = random.nextInt(LANE_BYTES / 4);
            int offset = lane * LANE_BYTES + start;
            MemorySegment bytes = buffer(lane, i, size);
            MemorySegment inLane = bytes.asSlice(0, Math.min(size, LANE_BYTES - start));
            chain.add(switch (random.nextInt(8)) {
                case 0 -> new Fdatasync(file);
                case 1 -> new Fsync(file);
                case 2, 3 -> new Read(file, lane == LANES - 1 ? bytes : inLane, offset);
                default -> new Write(file, randomize(inLane), offset);
            });
        }
        submit(lane, new IoChain(chain));
    }

    /// Several chains at once, each with a write behind that of the one before.
    private void submitNeighbours(int lane) {
        int count = 2 + random.nextInt(6);
        int size = 1 + random.nextInt(LANE_BYTES / 8);
        int start = lane * LANE_BYTES + random.nextInt(LANE_BYTES - count * size + 1);
        for (int i = 0; i < count; i++) {
            Write write = new Write(file, randomize(buffer(lane, i, size)), start + i * size);
            submit(lane, random.nextBoolean() ? IoChain.of(write)
                    : IoChain.of(write, new Fdatasync(file)));
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

    private void submit(int lane, IoChain chain) {
        operations += chain.operations().size();
        lanes.get(lane).add(new InFlight(chain, scheduler.submit(chain)));
    }

    private void settle(ArrayDeque<InFlight> lane) {
        while (!lane.isEmpty()) {
            InFlight next = lane.poll();
            apply(next.chain(), next.ticket().await());
        }
    }

    private void apply(IoChain chain, IoResult result) {
        int happened = switch (result) {
            case IoResult.Done _ -> chain.operations().size();
            case IoResult.Failed failed -> {
                failures++;
                assertThat(failed.cause()).hasMessageContaining("errno " + EBADF);
                yield failed.operationIndex();
            }
        };
        long bytes = 0;
        for (IoOperation operation : chain.operations().subList(0, happened)) {
            bytes += apply(operation);
        }
        assertThat(result.transferredBytes()).isEqualTo(bytes);
    }

    /// Returns the bytes that it moved.
    private long apply(IoOperation operation) {
        switch (operation) {
            case Write(_, var bytes, long offset) -> MemorySegment.copy(
                    bytes, ValueLayout.JAVA_BYTE, 0, model, (int) offset, (int) bytes.byteSize());
            case Read(_, var into, long offset) -> {
                MemorySegment there = MemorySegment.ofArray(model).asSlice(
                        offset, Math.min(into.byteSize(), model.length - offset));
                assertThat(into.asSlice(0, there.byteSize()).mismatch(there))
                        .as("first difference of %s", operation).isEqualTo(-1);
                return there.byteSize();
            }
            case Fdatasync _ -> {
                // changes nothing that can be read
            }
            default -> {
                // as above
            }
        }
        return operation.sizeBytes();
    }
}
