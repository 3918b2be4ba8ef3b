package io.duramen.wal.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// A part of the configuration whose values are checked as they are read; errors name the whole
/// path.
record Section(Config config, String path) {
    /// Pekko's scheduler takes up to 2^31 ticks, of 1 ms or more.
    static final Duration DELAY_MAX = Duration.ofDays(20);

    Section section(String key) {
        return new Section(config.getConfig(key), path + "." + key);
    }

    String string(String key) {
        return config.getString(key);
    }

    int integer(String key, int min, int max) {
        long value = config.getLong(key);
        if (value < min || value > max) {
            throw bad(key, "it is " + value + ", it must be from " + min + " to " + max);
        }
        return (int) value;
    }

    long bytes(String key) {
        long value = config.getBytes(key);
        if (value < 1) {
            throw bad(key, "it is " + value + " bytes, it must be at least 1");
        }
        return value;
    }

    private Duration duration(String key) {
        Duration value = config.getDuration(key);
        if (value.toMillis() < 1) {
            throw bad(key, "it is " + value.toNanos() + " ns, it must be at least 1 ms");
        }
        return value;
    }

    /// Zero where it is switched off.
    Duration durationOrOff(String key) {
        return isOff(key) ? Duration.ZERO : duration(key);
    }

    /// A time that something waits for.
    Duration delay(String key) {
        Duration value = duration(key);
        if (value.compareTo(DELAY_MAX) > 0) {
            throw bad(key, "it is " + value.toDays() + " days, it must be at most "
                    + DELAY_MAX.toDays());
        }
        return value;
    }

    /// Zero where it is switched off.
    Duration delayOrOff(String key) {
        return isOff(key) ? Duration.ZERO : delay(key);
    }

    /// Zero where it is switched off.
    long bytesOrOff(String key) {
        return isOff(key) ? 0 : bytes(key);
    }

    /// Zero where it is switched off.
    long numberOrOff(String key) {
        if (isOff(key)) {
            return 0;
        }
        long value = config.getLong(key);
        if (value < 1) {
            throw bad(key, "it is " + value + ", it must be at least 1, or off");
        }
        return value;
    }

    private boolean isOff(String key) {
        return config.getString(key).equals("off") || config.getString(key).equals("false");
    }

    String requireOneOf(String key, String... allowed) {
        String value = config.getString(key);
        if (!List.of(allowed).contains(value)) {
            throw bad(key, "it is \"" + value + "\", it must be one of " + List.of(allowed));
        }
        return value;
    }

    /// One of these constants, by its name in lower case and with hyphens.
    <E extends Enum<E>> E requireConstant(String key, List<E> allowed) {
        List<String> names = allowed.stream()
                .map(it -> it.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
        return allowed.get(names.indexOf(requireOneOf(key, names.toArray(String[]::new))));
    }

    /// What the core's own check says, with the key it is about.
    <T> T checked(String key, Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException | ArithmeticException rule) {
            throw bad(key, rule.getMessage());
        }
    }

    private ConfigException bad(String key, String rule) {
        return new ConfigException.BadValue(config.origin(), path + "." + key, rule);
    }
}
