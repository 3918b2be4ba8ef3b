package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryReader;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/// The header that a fragment whose own is damaged must have had: the one under which its records
/// are valid. Generation and first id are proven by the footer, or by the first group record; what
/// nothing proves is taken as it lies there, but for the size where that of the file is a legal
/// one.
///
/// @param bytes the whole file, at least as long as a header
public record HeaderGuess(Path file, MemorySegment bytes) {
    /// @return empty where nothing proves which entries the file holds
    public Optional<FragmentHeader> guess() {
        FragmentHeader told = FragmentHeader.readUnchecked(bytes);
        boolean whole = FragmentGeometry.isFileSize(bytes.byteSize());
        long sizeBytes = whole ? bytes.byteSize() : told.fileSizeBytes();
        if (!FragmentGeometry.isFileSize(sizeBytes)) {
            return Optional.empty();
        }
        Optional<FragmentFooter> footer = !whole ? Optional.empty() : FragmentFooter
                .readAlone(bytes.asSlice(sizeBytes - FragmentFooter.BYTES, FragmentFooter.BYTES));
        if (footer.isPresent()) {
            return footer.map(it -> with(told, it.generation(), it.firstId(), sizeBytes));
        }
        OptionalLong named = FragmentName.firstId(file.getFileName().toString());
        return LongStream.concat(named.stream(), LongStream.of(told.firstId()))
                .filter(firstId -> startsWithGroup(told.generation(), firstId)).boxed().findFirst()
                .map(firstId -> with(told, told.generation(), firstId, sizeBytes));
    }

    private static FragmentHeader with(FragmentHeader told, long generation, long firstId,
            long sizeBytes) {
        return new FragmentHeader(told.logIdHash(), generation, firstId, sizeBytes,
                FragmentGeometry.BLOCK_BYTES, told.writerEpoch(), told.createdNanos(),
                firstId - 1, told.predecessorLastCrc());
    }

    private boolean startsWithGroup(long generation, long firstId) {
        EntryReader reader = new EntryReader(bytes, generation,
                bytes.byteSize() / FragmentGeometry.BLOCK_BYTES * FragmentGeometry.BLOCK_BYTES);
        return reader.inspect(FragmentGeometry.DATA_START, firstId) == EntryReader.Found.GROUP;
    }
}
