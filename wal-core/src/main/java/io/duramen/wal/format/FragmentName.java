package io.duramen.wal.format;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of files in a log's directory.
public final class FragmentName {
    /// The file whose lock the writer holds.
    public static final String LOCK = "LOCK";
    /// What a repair has decided and not completed yet.
    public static final String REPAIR = "REPAIR";

    private static final String FRAGMENT_PREFIX = "fragment_";
    private static final Pattern FRAGMENT = Pattern.compile("fragment_(\\d{20})");
    private static final Pattern STANDBY = Pattern.compile("standby_\\d{1,19}");
    private static final Pattern HEAD = Pattern.compile("head_(\\d{20})");
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
        return idIn(FRAGMENT, name);
    }

    private static OptionalLong idIn(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        try {
            return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                    : OptionalLong.empty();
        } catch (NumberFormatException _) {
            return OptionalLong.empty(); // beyond 2^63: no id of ours
        }
    }

    /// The file whose name tells the first entry there is.
    public static String head(long firstId) {
        return "head_" + twentyDigits(firstId);
    }

    /// The id a head's name tells, or empty where the name is not one of a head.
    public static OptionalLong headId(String name) {
        return idIn(HEAD, name);
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

    /// The digits 0 to 9 whatever the default locale is: some print others.
    private static String twentyDigits(long id) {
        return String.format(Locale.ROOT, "%020d", id);
    }
}
