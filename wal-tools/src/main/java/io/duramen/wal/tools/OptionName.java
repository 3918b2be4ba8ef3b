package io.duramen.wal.tools;

import java.util.Locale;

/// Constants as they are written on the command line: `LENGTH_PREFIXED` is `length-prefixed`.
final class OptionName {
    private OptionName() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
