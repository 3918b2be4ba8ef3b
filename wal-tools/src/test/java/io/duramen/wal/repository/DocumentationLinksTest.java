package io.duramen.wal.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.repository.MarkdownPage.Link;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every link of the documentation leads somewhere: relative ones to a file of this repository, and
/// their `#anchor` to a heading of it. Links to the web are not followed.
class DocumentationLinksTest {
    private static final Pattern WEB = Pattern.compile("(?i)(https?|mailto):.*");
    private static final Pattern OF_ONE_MACHINE =
            Pattern.compile("(?i)(/|~|file:|[a-z]:[/\\\\]).*");
    private static final Pattern LINES = Pattern.compile("L(\\d+)(-L(\\d+))?");

    @Test
    void the_pages_a_newcomer_reads_are_there() throws IOException {
        assertThat(pages()).extracting(Repository::nameOf).contains("README.md",
                "CONTRIBUTING.md", "CHANGELOG.md", "docs/glossary.md", "docs/adr/README.md");
    }

    @Test
    void every_link_leads_somewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : pages()) {
            dead.addAll(deadLinks(page));
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void dead_links_are_noticed(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), """
                # A title, with `code`
                [good](#a-title-with-code) and [self](page.md#twice-1) and `[code](nowhere)`
                ## Twice
                ## Twice
                ```
                [fenced](nowhere)
                ```
                [gone](gone.md), [no anchor](#gone), [mine](/home/me/x.md)

                [reference]: gone-too.md
                """);
        assertThat(deadLinks(page)).hasSize(4)
                .anyMatch(dead -> dead.contains("gone.md"))
                .anyMatch(dead -> dead.contains("#gone"))
                .anyMatch(dead -> dead.contains("/home/me/x.md"))
                .anyMatch(dead -> dead.contains("gone-too.md"));
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String name : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs",
                "examples")) {
            pages.addAll(Repository.files(name, ".md"));
        }
        return pages;
    }

    private static List<String> deadLinks(Path page) throws IOException {
        List<String> dead = new ArrayList<>();
        for (Link link : MarkdownPage.read(page).links()) {
            String why = WEB.matcher(link.target()).matches() ? null : deadBecause(page, link);
            if (why != null) {
                dead.add(page + ":" + link.line() + " links to " + link.target() + ": " + why);
            }
        }
        return dead;
    }

    /// Null where the link is good.
    private static String deadBecause(Path page, Link link) throws IOException {
        if (OF_ONE_MACHINE.matcher(link.target()).matches()) {
            return "this leads into one machine's file system";
        }
        String[] parts = link.target().split("#", 2);
        String name = URLDecoder.decode(parts[0].replace("+", "%2B"), StandardCharsets.UTF_8);
        Path target = name.isEmpty() ? page : page.resolveSibling(name).normalize();
        if (!Files.exists(target)) {
            return "there is no such file";
        }
        return parts.length == 1 || hasAnchor(target, parts[1]) ? null : "there is no such anchor";
    }

    private static boolean hasAnchor(Path target, String anchor) throws IOException {
        if (target.toString().endsWith(".md")) {
            return MarkdownPage.read(target).anchors().contains(anchor);
        }
        var lines = LINES.matcher(anchor);
        if (!Files.isRegularFile(target) || !lines.matches()) {
            return false;
        }
        String last = lines.group(3) == null ? lines.group(1) : lines.group(3);
        return Integer.parseInt(last) <= Files.readAllLines(target).size();
    }
}
