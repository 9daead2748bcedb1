package io.certcourier.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Groups of bars with their spreads, as SVG that needs nothing else. */
final class Chart {

    private static final int WIDTH = 720;
    private static final int PLOT = 190;
    private static final int TOP = 46;
    private static final int LEFT = 20;
    private static final List<String> COLOURS = List.of("#8da0cb", "#66c2a5", "#e78ac3", "#fc8d62");

    private final String title;
    private final Map<String, Map<String, Spread>> groups = new LinkedHashMap<>();

    /** @param title with the unit of all its values */
    Chart(String title) {
        this.title = title;
    }

    Chart add(String group, String bar, Spread value) {
        if (!Double.isNaN(value.median())) {
            groups.computeIfAbsent(group, name -> new LinkedHashMap<>()).put(bar, value);
        }
        return this;
    }

    String svg() {
        var bars = groups.values().stream().flatMap(group -> group.keySet().stream()).distinct().toList();
        double most = groups.values().stream().flatMap(group -> group.values().stream()).mapToDouble(Spread::most).max()
                .orElse(1);
        var svg = new StringBuilder(
                """
                        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" role="img" font-family="sans-serif" font-size="11">
                        <text x="%d" y="16" font-size="14" font-weight="bold">%s</text>
                        """
                        .formatted(WIDTH, TOP + PLOT + 30, WIDTH, LEFT, escaped(title)));
        for (int i = 0; i < bars.size(); i++) {
            svg.append("<rect x=\"%d\" y=\"24\" width=\"10\" height=\"10\" fill=\"%s\"/><text x=\"%d\" y=\"33\">%s</text>%n"
                    .formatted(LEFT + i * 110, colour(i), LEFT + i * 110 + 14, escaped(bars.get(i))));
        }
        double groupWidth = (WIDTH - 2.0 * LEFT) / Math.max(1, groups.size());
        double barWidth = Math.min(60, groupWidth / (bars.size() + 1));
        int at = 0;
        for (var group : groups.entrySet()) {
            double left = LEFT + groupWidth * at++;
            for (var bar : group.getValue().entrySet()) {
                int which = bars.indexOf(bar.getKey());
                bar(svg, left + which * barWidth, barWidth, bar.getValue(), most, colour(which));
            }
            svg.append(line("<text x=\"%.0f\" y=\"%d\">%s</text>", left, TOP + PLOT + 20, escaped(group.getKey())));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, double x, double width, Spread value, double most, String colour) {
        double scale = (PLOT - 14) / (most == 0 ? 1 : most);
        double bottom = TOP + PLOT;
        double top = bottom - value.median() * scale;
        double middle = x + width * 0.45;
        svg.append(line("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, top, width * 0.9,
                bottom - top, colour));
        svg.append(line("<path d=\"M%.1f %.1fV%.1f\" stroke=\"#333\"/>", middle, bottom - value.least() * scale,
                bottom - value.most() * scale));
        svg.append(line("<text x=\"%.1f\" y=\"%.1f\">%s</text>", x, Math.max(TOP + 8, bottom - value.most() * scale - 3),
                Spread.number(value.median())));
    }

    private static String line(String form, Object... values) {
        return String.format(Locale.ROOT, form + "%n", values);
    }

    private static String colour(int i) {
        return COLOURS.get(i % COLOURS.size());
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
