package io.duramen.wal.tools;

import io.duramen.wal.streams.WalEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A line for each entry: its id, and its payload in hexadecimal.
final class HexFormat implements EntryFormat {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    @Override
    public void print(WalEntry entry, OutputStream out) throws IOException {
        out.write(Long.toString(entry.id()).getBytes(StandardCharsets.US_ASCII));
        out.write(' ');
        for (byte value : entry.bytes().toArrayUnsafe()) {
            out.write(DIGITS[(value >> 4) & 15]);
            out.write(DIGITS[value & 15]);
        }
        out.write('\n');
    }
}
