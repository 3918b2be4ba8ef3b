package io.duramen.wal.format;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of files in a log's directory.
public final class FragmentName {
    /// The file whose lock the writer holds.
    public static final String LOCK = "LOCK";
    /// What a repair has decided and not completed yet.
    public static final String REPAIR = "REPAIR";

    private static final int DIGITS = 20;
    private static final String FRAGMENT_PREFIX = "fragment_";
    private static final Pattern STANDBY = Pattern.compile("standby_\\d{1,19}");
    private static final String HEAD_PREFIX = "head_";
    private static final String TORN_PREFIX = "torn_";
    private static final Pattern TORN = Pattern.compile("torn_(\\d{20})_(\\d{1,18})_\\d+");

    private FragmentName() {
    }

    public static String fragment(long firstId) {
        return FRAGMENT_PREFIX + twentyDigits(firstId);
    }

    /// The first entry id a fragment's name tells, or empty where the name is not one of a
    /// fragment.
    public static OptionalLong firstId(String name) {
        return idIn(FRAGMENT_PREFIX, name);
    }

    /// By hand: a log may have thousands of files, and is opened in a JVM that has just started.
    private static OptionalLong idIn(String prefix, String name) {
        if (name.length() != prefix.length() + DIGITS || !name.startsWith(prefix)) {
            return OptionalLong.empty();
        }
        for (int i = prefix.length(); i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(name, prefix.length(), name.length(), 10));
        } catch (NumberFormatException _) {
            return OptionalLong.empty(); // beyond 2^63: no id of ours
        }
    }

    /// The file whose name tells the first entry there is.
    public static String head(long firstId) {
        return HEAD_PREFIX + twentyDigits(firstId);
    }

    /// The id a head's name tells, or empty where the name is not one of a head.
    public static OptionalLong headId(String name) {
        return idIn(HEAD_PREFIX, name);
    }

    public static String standby(long number) {
        return "standby_" + number;
    }

    public static boolean isStandby(String name) {
        return STANDBY.matcher(name).matches();
    }

    /// The copy of what recovery cut from the fragment's end, from this offset on.
    public static String torn(long fragmentFirstId, long offset, long timestampNanos) {
        return TORN_PREFIX + twentyDigits(fragmentFirstId) + "_" + offset + "_" + timestampNanos;
    }

    public static boolean isTorn(String name) {
        return name.startsWith(TORN_PREFIX);
    }

    /// From which offset on a copy was cut, or empty where the name is not one of a copy from this
    /// fragment.
    public static OptionalLong tornOffset(String name, long fragmentFirstId) {
        Matcher matcher = TORN.matcher(name);
        return matcher.matches() && matcher.group(1).equals(twentyDigits(fragmentFirstId))
                ? OptionalLong.of(Long.parseLong(matcher.group(2)))
                : OptionalLong.empty();
    }

    private static String twentyDigits(long id) {
        String digits = Long.toString(id);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }
}
