package io.duramen.wal.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The links and anchors of one Markdown file, as GitHub renders it. Code, fenced or inline, has
/// neither.
///
/// @param links targets as written, in order
/// @param anchors what `#...` may name
record MarkdownPage(List<Link> links, Set<String> anchors) {
    private static final Pattern FENCE = Pattern.compile("^ {0,3}(`{3,}|~{3,}).*");
    private static final Pattern HEADING = Pattern.compile("^ {0,3}#{1,6}\\s+(.*?)\\s*#*\\s*$");
    private static final Pattern INLINE_LINK =
            Pattern.compile("\\]\\(\\s*<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)");
    private static final Pattern REFERENCE = Pattern.compile("^ {0,3}\\[[^\\]]+\\]:\\s*<?(\\S+?)>?"
            + "(?:\\s+\"[^\"]*\")?\\s*$");
    private static final Pattern HTML_TARGET =
            Pattern.compile("<(?:a|img)\\s[^>]*?(?:href|src)=\"([^\"]+)\"");
    private static final Pattern HTML_ANCHOR =
            Pattern.compile("<a\\s[^>]*?(?:id|name)=\"([^\"]+)\"");
    private static final Pattern INLINE_CODE = Pattern.compile("(`+)(?!`).*?(?<!`)\\1(?!`)");

    record Link(int line, String target) {}

    static MarkdownPage read(Path file) throws IOException {
        List<Link> links = new ArrayList<>();
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        String openFence = null;
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher fence = FENCE.matcher(line);
            if (openFence != null) {
                openFence = closes(line, openFence) ? null : openFence;
                continue;
            }
            if (fence.matches()) {
                openFence = fence.group(1);
                continue;
            }
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                anchors.add(anchorOf(heading.group(1), seen));
            }
            String text = INLINE_CODE.matcher(line).replaceAll("");
            collect(REFERENCE, text, i + 1, links);
            collect(INLINE_LINK, text, i + 1, links);
            collect(HTML_TARGET, text, i + 1, links);
            HTML_ANCHOR.matcher(text).results().forEach(anchor -> anchors.add(anchor.group(1)));
        }
        return new MarkdownPage(List.copyOf(links), Set.copyOf(anchors));
    }

    private static boolean closes(String line, String openFence) {
        String stripped = line.strip();
        return stripped.length() >= openFence.length()
                && stripped.chars().allMatch(character -> character == openFence.charAt(0));
    }

    private static void collect(Pattern pattern, String text, int line, List<Link> links) {
        pattern.matcher(text).results()
                .forEach(match -> links.add(new Link(line, match.group(1))));
    }

    private static String anchorOf(String heading, Map<String, Integer> seen) {
        String anchor = heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M}_\\- ]", "")
                .replace(' ', '-');
        int before = seen.merge(anchor, 1, Integer::sum) - 1;
        return before == 0 ? anchor : anchor + "-" + before;
    }
}
