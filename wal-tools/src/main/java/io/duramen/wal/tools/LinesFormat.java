package io.duramen.wal.tools;

import io.duramen.wal.streams.WalEntry;
import java.io.IOException;
import java.io.OutputStream;

/// Payloads as they are, each on a line of its own: where one does not end in a line feed, one is
/// put in front of the next. So what `wal append` made of a text comes back as the same bytes, a
/// missing last line feed included.
final class LinesFormat implements EntryFormat {
    private final boolean endAtOnce;
    private boolean open;

    /// @param endAtOnce put the line feed behind the payload that lacks it, also behind the last
    LinesFormat(boolean endAtOnce) {
        this.endAtOnce = endAtOnce;
    }

    @Override
    public void print(WalEntry entry, OutputStream out) throws IOException {
        if (open) {
            out.write('\n');
        }
        byte[] payload = entry.bytes().toArrayUnsafe();
        out.write(payload);
        open = payload.length == 0 || payload[payload.length - 1] != '\n';
        if (open && endAtOnce) {
            out.write('\n');
            open = false;
        }
    }
}
