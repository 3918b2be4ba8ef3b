package io.duramen.wal.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a log drops from its head by itself, whenever a fragment has been sealed. Each rule counts
/// for itself; zero switches it off. Floors hold back all of them.
///
/// @param age entries are kept at least this long
/// @param entries at least this many of the newest entries are kept
/// @param sizeBytes the fragments take at most this much, with the one that grows in full; at least
///     two fragments
/// @param punchHoles whether any trim that ends inside a sealed fragment gives back the blocks in
///     front: the log then starts with the group of the first entry that has to stay. Where the
///     file system knows no holes, or somebody reads there, the blocks stay until a later trim
public record RetentionSettings(Duration age, long entries, long sizeBytes, boolean punchHoles) {
    /// Nothing is dropped by itself, and only whole fragments when asked.
    public static final RetentionSettings OFF = new RetentionSettings(Duration.ZERO, 0, 0, false);

    /// @throws IllegalArgumentException when a value is out of its range
    public RetentionSettings {
        if (age.isNegative() || entries < 0 || sizeBytes < 0) {
            throw new IllegalArgumentException("retention is " + age + ", " + entries
                    + " entries, " + sizeBytes + " bytes: none of them may be negative");
        }
        if (!age.isZero()) {
            new TrimRule.OlderThan(age); // checks it
        }
    }

    public RetentionSettings withAge(Duration value) {
        return new RetentionSettings(value, entries, sizeBytes, punchHoles);
    }

    public RetentionSettings withEntries(long value) {
        return new RetentionSettings(age, value, sizeBytes, punchHoles);
    }

    public RetentionSettings withSizeBytes(long value) {
        return new RetentionSettings(age, entries, value, punchHoles);
    }

    public RetentionSettings withPunchHoles(boolean value) {
        return new RetentionSettings(age, entries, sizeBytes, value);
    }

    /// The rules that are switched on.
    List<TrimRule> rules() {
        List<TrimRule> rules = new ArrayList<>();
        if (!age.isZero()) {
            rules.add(new TrimRule.OlderThan(age));
        }
        if (entries > 0) {
            rules.add(new TrimRule.KeepEntries(entries));
        }
        if (sizeBytes > 0) {
            rules.add(new TrimRule.KeepBytes(sizeBytes));
        }
        return rules;
    }
}
