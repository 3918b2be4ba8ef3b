package io.duramen.wal.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
                throw new ConfigException.BadValue(entry.getValue().origin(),
                        WalSettings.CONFIG_PATH + "." + entry.getKey(),
                        "there is no such setting; known are "
                                + (path.getFirst().equals(LOGS) ? logKeys : withoutOpen(known)));
            }
        }
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
