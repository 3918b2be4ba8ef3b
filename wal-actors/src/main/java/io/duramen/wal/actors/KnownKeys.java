package io.duramen.wal.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Refuses keys of our own section that nobody reads: a misspelt key would be ignored, and its
/// owner would trust in what it says. Dispatchers are Pekko's and have keys of theirs.
final class KnownKeys {
    private static final Set<String> OPEN = Set.of("dispatcher", "blocking-dispatcher");
    private static final String LOGS = "logs";

    private KnownKeys() {
    }

    static void check(Config section) {
        Config reference = WalSettings.reference();
        Set<String> known = new TreeSet<>(paths(reference));
        Set<String> logKeys = paths(reference.getConfig("log"));
        for (Map.Entry<String, com.typesafe.config.ConfigValue> entry : section.entrySet()) {
            List<String> path = ConfigUtil.splitPath(entry.getKey());
            boolean fine = switch (path.getFirst()) {
                case String top when OPEN.contains(top) -> true;
                case LOGS -> path.size() > 2 && logKeys.contains(rest(path, 2));
                default -> known.contains(entry.getKey());
            };
            if (!fine) {
                boolean ofOneLog = path.getFirst().equals(LOGS);
                Set<String> all = ofOneLog ? logKeys : withoutOpen(known);
                String asked = ofOneLog && path.size() > 2 ? rest(path, 2) : entry.getKey();
                throw new ConfigException.BadValue(entry.getValue().origin(),
                        WalSettings.CONFIG_PATH + "." + entry.getKey(),
                        "there is no such setting, the nearest is " + nearest(asked, all)
                                + "; known are " + all);
            }
        }
    }

    /// The key that the fewest inserted, removed and changed characters make of the one asked for.
    private static String nearest(String asked, Set<String> known) {
        return known.stream().min(Comparator.comparingInt(key -> distance(asked, key)))
                .orElseThrow();
    }

    private static int distance(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    private static Set<String> paths(Config config) {
        return config.entrySet().stream().map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String rest(List<String> path, int from) {
        return ConfigUtil.joinPath(path.subList(from, path.size()));
    }

    private static Set<String> withoutOpen(Set<String> known) {
        return known.stream().filter(key -> !OPEN.contains(ConfigUtil.splitPath(key).getFirst()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
