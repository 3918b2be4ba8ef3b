package io.duramen.wal.model;

/// What is written to a place of a [Disk], as one number; never 0.
final class Content {
    /// The generation of a record of another log, which is the payload of an entry of this one.
    static final int FOREIGN_GENERATION = 15;
    /// Looks like a group that proves everything durable.
    static final int FOREIGN = new Slot(FOREIGN_GENERATION, 0, 14, 13, false).pack();
    private static final int BASE = 16;

    private Content() {}

    /// An entry and the group record in front of it.
    ///
    /// @param value what was appended, 1 or more
    /// @param durableId what the group record proves, -1 for nothing
    /// @param large the next slot, too, is the entry's, and holds [#FOREIGN]
    record Slot(int generation, int id, int value, int durableId, boolean large) {
        int pack() {
            int entry = (generation * BASE + id) * BASE + value;
            return (entry * BASE + durableId + 1) * 2 + (large ? 1 : 0);
        }

        static Slot of(int content) {
            int entry = content / 2 / BASE;
            return new Slot(entry / BASE / BASE, entry / BASE % BASE, entry % BASE,
                    content / 2 % BASE - 1, content % 2 == 1);
        }
    }

    /// @param lastValue of the entry before the fragment, 0 where it is the first
    record Header(int generation, int firstId, int lastValue) {
        int pack() {
            return (generation * BASE + firstId) * BASE + lastValue;
        }

        static Header of(int content) {
            return new Header(content / BASE / BASE, content / BASE % BASE, content % BASE);
        }
    }
}
