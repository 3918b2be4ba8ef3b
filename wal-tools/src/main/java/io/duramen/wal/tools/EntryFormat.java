package io.duramen.wal.tools;

import io.duramen.wal.streams.WalEntry;
import java.io.IOException;
import java.io.OutputStream;

/// How entries look on standard output. Keeps what it must of the entry before, so an instance
/// prints one run of entries.
interface EntryFormat {
    void print(WalEntry entry, OutputStream out) throws IOException;

    /// Reads what is asked for.
    final class Converter extends ConstantConverter<Choice> {
        Converter() {
            super(Choice.values());
        }
    }

    /// What may be asked for.
    enum Choice {
        LINES, RAW, JSON, HEX;

        /// @param following entries are printed as they come, so that each line is ended at once
        EntryFormat create(boolean following) {
            return switch (this) {
                case LINES -> new LinesFormat(following);
                case RAW -> (entry, out) -> out.write(entry.bytes().toArrayUnsafe());
                case JSON -> new JsonFormat();
                case HEX -> new HexFormat();
            };
        }

        @Override
        public String toString() {
            return OptionName.of(this);
        }
    }
}
