package io.duramen.wal.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.memory.BufferLease;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// A log's directory as bytes, for doing to it what crashes, disks and people do.
record RawLog(Path base, LogId id) {
    private static final long STATUS_DURABLE_AT = 48;
    private static final int STATUS_DURABLE_BYTES = 16;
    private static final long STATUS_CLOSED_AT = 72;
    private static final int STATUS_CLOSED_BYTES = 32;

    /// An entry to craft.
    record Crafted(String payload, boolean batchContinues) {}

    /// Where a crafted group lies.
    record Group(Path file, long start, long end) {
        byte[] bytes() {
            return Arrays.copyOfRange(read(file), (int) start, (int) end);
        }
    }

    static byte[] bytes(String payload) {
        return payload.getBytes(UTF_8);
    }

    /// Every entry as `id:payload`.
    static List<String> contentsOf(ReadableLog log) {
        List<String> entries = new ArrayList<>();
        try (LogReader reader = log.read(ReadRange.from(log.firstId()))) {
            for (Entry entry : reader) {
                entries.add(entry.id() + ":" + new String(entry.toByteArray(), UTF_8));
            }
        }
        return entries;
    }

    Path directory() {
        return id.directoryIn(base);
    }

    Path lock() {
        return directory().resolve(FragmentName.LOCK);
    }

    Path fragment(long firstId) {
        return directory().resolve(FragmentName.fragment(firstId));
    }

    List<Path> fragments() {
        return names().stream().filter(name -> name.startsWith("fragment_"))
                .map(directory()::resolve).toList();
    }

    List<Path> evidence() {
        return names().stream().filter(FragmentName::isTorn).map(directory()::resolve).toList();
    }

    List<String> names() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.map(Path::getFileName).map(Path::toString).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Names, sizes and checksums of all files: equal where nothing was changed.
    TreeMap<String, String> fingerprint() {
        TreeMap<String, String> files = new TreeMap<>();
        for (String name : names()) {
            byte[] content = read(directory().resolve(name));
            CRC32C crc = new CRC32C();
            crc.update(content);
            files.put(name, content.length + " bytes, crc " + Long.toHexString(crc.getValue()));
        }
        return files;
    }

    /// The same log below another base path; also while its writer has it open, as a crash would
    /// leave it.
    RawLog copyTo(Path otherBase) {
        RawLog copy = new RawLog(otherBase, id);
        try {
            Files.createDirectories(copy.directory());
            for (String name : names()) {
                Files.copy(directory().resolve(name), copy.directory().resolve(name));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return copy;
    }

    /// What the status page says about the end.
    Optional<ClosedEnd> closedEnd() {
        byte[] page = read(lock());
        MemorySegment copy = Arena.ofAuto().allocate(page.length, Long.BYTES)
                .copyFrom(MemorySegment.ofArray(page));
        return new WriterStatus(copy).closedEnd(FragmentHeader.hashOf(id.value()));
    }

    /// As a writer leaves it that began and was killed before it wrote.
    void forgetClose() {
        write(lock(), STATUS_CLOSED_AT, new byte[STATUS_CLOSED_BYTES]);
    }

    /// What a power failure does to the status page: its last stores never reached the device.
    void forgetStatus() {
        write(lock(), STATUS_DURABLE_AT, new byte[STATUS_DURABLE_BYTES]);
    }

    /// What trimming leaves.
    void trimTo(long firstId) throws IOException {
        for (String name : names()) {
            if (FragmentName.headId(name).isPresent()) {
                Files.move(directory().resolve(name),
                        directory().resolve(FragmentName.head(firstId)));
            } else if (FragmentName.firstId(name).orElse(firstId) < firstId) {
                Files.delete(directory().resolve(name));
            }
        }
    }

    /// What a crash before sealing leaves: a fragment without index and footer.
    void unseal(long firstId) {
        Path file = fragment(firstId);
        FragmentScan scan = scan(firstId);
        write(file, scan.endOfData(), new byte[(int) (size(file) - scan.endOfData())]);
    }

    /// Makes a fragment one of format version 2, checksum included.
    void makeNewer(long firstId) {
        ByteBuffer page = ByteBuffer.wrap(read(fragment(firstId)), 0, FragmentHeader.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        page.put(8, (byte) 2);
        CRC32C crc = new CRC32C();
        crc.update(page.array(), 0, FragmentHeader.BYTES - 4);
        page.putInt(FragmentHeader.BYTES - 4, (int) crc.getValue());
        write(fragment(firstId), 0, Arrays.copyOf(page.array(), FragmentHeader.BYTES));
    }

    /// Flips the bits of one byte.
    void damage(Path file, long offset) {
        write(file, offset, new byte[] {(byte) ~read(file)[(int) offset]});
    }

    /// Where an entry starts, and so its header; its payload is 8 bytes further on.
    long offsetOf(long fragmentFirstId, long entryId) {
        return scan(fragmentFirstId).index().offset(entryId - fragmentFirstId);
    }

    boolean isSealed(long firstId) {
        byte[] content = read(fragment(firstId));
        MemorySegment page = aligned(content).asSlice(content.length - FragmentFooter.BYTES);
        return FragmentFooter.readFrom(page, header(firstId)).isPresent();
    }

    FragmentHeader header(long firstId) {
        Path file = fragment(firstId);
        return FragmentHeader.readFrom(aligned(read(file)), file);
    }

    FragmentScan scan(long firstId) {
        return FragmentScan.of(header(firstId), aligned(read(fragment(firstId))));
    }

    /// Writes a group behind the end of a fragment, as a writer does that is killed before it says
    /// so.
    Group craftGroup(long fragmentFirstId, long durableId, List<Crafted> entries) {
        Path file = fragment(fragmentFirstId);
        BufferPoolSettings small = new BufferPoolSettings("craft", 4096, 1, true, 1 << 20);
        try (BufferPool pool = BufferPool.create(small)) {
            FragmentScan end = scan(fragmentFirstId);
            FragmentWriter writer = FragmentWriter.resume(header(fragmentFirstId), end);
            BufferLease buffer = pool.unpooled(64 << 10);
            OpenGroup group = writer.beginGroup(GroupMemory.in(buffer));
            entries.forEach(
                    entry -> group.add(Payload.of(bytes(entry.payload())), entry.batchContinues()));
            group.close(durableId, 1);
            byte[] encoded = group.piece().bytes().toArray(ValueLayout.JAVA_BYTE);
            write(file, group.fileOffset(), encoded);
            group.release();
            return new Group(file, group.fileOffset(), group.fileOffset() + encoded.length);
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void write(Path file, long offset, byte[] content) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content), offset);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void cutFile(Path file, long sizeBytes) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(sizeBytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long size(Path file) {
        return read(file).length;
    }

    private static MemorySegment aligned(byte[] content) {
        MemorySegment memory = Arena.ofAuto().allocate(content.length, 8);
        return memory.copyFrom(MemorySegment.ofArray(content));
    }
}
