package io.duramen.wal.log;

import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.Fragment;

/// What of a log one fragment holds, as a [TrimRule] must know it.
///
/// @param lastId of one that grows, `Long.MAX_VALUE`
/// @param bytes that hold something; of one that is not sealed, the whole file
/// @param lastTimestampNanos time of the newest entry; of one that is not sealed, `Long.MAX_VALUE`
public record FragmentExtent(long firstId, long lastId, long bytes, long lastTimestampNanos,
        boolean sealed) {
    static FragmentExtent of(Fragment fragment) {
        FragmentHeader header = fragment.header();
        return fragment.footer().map(footer -> sealed(header, footer))
                .orElseGet(() -> unsealed(header.firstId(), fragment.lastId(),
                        header.fileSizeBytes()));
    }

    static FragmentExtent sealed(FragmentHeader header, FragmentFooter footer) {
        FragmentGeometry geometry = new FragmentGeometry(header.fileSizeBytes());
        long index = header.fileSizeBytes() - geometry.indexStart(footer.entryCount());
        return new FragmentExtent(footer.firstId(), footer.lastId(), footer.endOfData() + index,
                footer.lastTimestampNanos(), true);
    }

    static FragmentExtent unsealed(long firstId, long lastId, long fileSizeBytes) {
        return new FragmentExtent(firstId, lastId, fileSizeBytes, Long.MAX_VALUE, false);
    }
}
