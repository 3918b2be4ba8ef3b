package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.benchmarks.harness.Parameters;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.GroupRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the machine itself allows: system calls that write as many bytes as ours would, to files
/// whose blocks are written already. No checksum, no order among callers, nothing to read again.
///
/// A caller has a file of its own and starts again at its beginning when it is full.
final class BareFile implements Contestant.Calling, Contestant.Bulk {
    private static final int FILE_BYTES = 64 << 20;
    private static final int PIECE_BYTES = 64 << 10;

    private final Path directory;
    private final Parameters parameters;
    private final ByteBuffer payload;
    private final List<FileChannel> open = new ArrayList<>();
    private FileChannel bulk;

    static BareFile open(Path directory, Parameters parameters) throws IOException {
        Files.createDirectories(directory);
        return new BareFile(directory, parameters);
    }

    private BareFile(Path directory, Parameters parameters) {
        this.directory = directory;
        this.parameters = parameters;
        this.payload = TestPayload.direct(parameters);
    }

    @Override
    public Map<String, String> facts() {
        return Map.of(DRIVER, "FileChannel", MODE, "buffered, pre-written", SYNC,
                parameters.isSynced() ? "before each answer" : "never");
    }

    private synchronized FileChannel newFile() throws IOException {
        FileChannel file = FileChannel.open(directory.resolve("bare_" + open.size()),
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        open.add(file);
        ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE_BYTES);
        for (int offset = 0; offset < FILE_BYTES; offset += PIECE_BYTES) {
            file.write(zeros.clear(), offset);
        }
        file.force(true);
        return file;
    }

    @Override
    public Caller caller() throws IOException {
        FileChannel file = newFile();
        long group = GroupRecord.BYTES + EntryHeader.entryBytes(payload.limit());
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(group));
        bytes.put(bytes.capacity() - payload.limit(), payload, 0, payload.limit());
        boolean synced = parameters.isSynced();
        return new Caller() {
            private long offset;

            @Override
            public long append() throws IOException {
                if (offset + bytes.capacity() > FILE_BYTES) {
                    offset = 0;
                }
                writeAll(file, bytes.clear(), offset);
                offset += bytes.capacity();
                if (synced) {
                    file.force(false);
                }
                return -1;
            }
        };
    }

    /// Entries are copied into pieces of 64 KiB, each written by one call; one sync at the end
    /// where the case asks for it.
    @Override
    public void appendAll(long count) throws IOException {
        if (bulk == null) {
            bulk = newFile();
        }
        int entryBytes = Math.toIntExact(EntryHeader.entryBytes(payload.limit()));
        ByteBuffer piece = ByteBuffer.allocateDirect(Math.max(PIECE_BYTES, entryBytes));
        long offset = 0;
        for (long i = 0; i < count; i++) {
            if (piece.remaining() < entryBytes) {
                offset = flush(piece, offset);
            }
            piece.put(piece.position(), payload, 0, payload.limit());
            piece.position(piece.position() + entryBytes);
        }
        flush(piece, offset);
        if (parameters.isSynced()) {
            bulk.force(false);
        }
    }

    private long flush(ByteBuffer piece, long offset) throws IOException {
        int length = piece.flip().remaining();
        long at = offset + length > FILE_BYTES ? 0 : offset;
        writeAll(bulk, piece, at);
        piece.clear();
        return at + length;
    }

    private static void writeAll(FileChannel file, ByteBuffer bytes, long offset)
            throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : open) {
            file.close();
        }
    }
}
