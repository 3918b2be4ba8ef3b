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
public record RetentionSettings(Duration age, long entries, long sizeBytes) {
    /// Nothing is dropped.
    public static final RetentionSettings OFF = new RetentionSettings(Duration.ZERO, 0, 0);

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
        return new RetentionSettings(value, entries, sizeBytes);
    }

    public RetentionSettings withEntries(long value) {
        return new RetentionSettings(age, value, sizeBytes);
    }

    public RetentionSettings withSizeBytes(long value) {
        return new RetentionSettings(age, entries, value);
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
