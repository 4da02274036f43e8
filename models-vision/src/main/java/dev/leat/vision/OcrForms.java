package dev.leat.vision;

import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** Writes recognised text as hOCR and as JSON. */
final class OcrForms {

    private OcrForms() {}

    static String hocr(OcrText text) {
        StringBuilder out = new StringBuilder(1024);
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .append("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"")
                .append(" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n")
                .append("<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<title></title>\n")
                .append("<meta http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\"/>\n")
                .append("<meta name=\"ocr-system\" content=\"leat\"/>\n")
                .append("<meta name=\"ocr-capabilities\" content=\"ocr_page ocr_par ocr_line ocrx_word\"/>\n")
                .append("</head>\n<body>\n<div class=\"ocr_page\" id=\"page_1\" title=\"bbox 0 0 ")
                .append(text.width() + " " + text.height() + "\">\n");
        int line = 0;
        int word = 0;
        for (int p = 0; p < text.paragraphs().size(); p++) {
            List<OcrLine> lines = text.paragraphs().get(p).lines();
            out.append(" <p class=\"ocr_par\" id=\"par_" + (p + 1) + "\">\n");
            for (OcrLine each : lines) {
                out.append(
                        "  <span class=\"ocr_line\" id=\"line_" + ++line + "\" title=\"" + bounds(each.box()) + "\">");
                for (OcrWord one : each.words()) {
                    out.append("\n   <span class=\"ocrx_word\" id=\"word_" + ++word + "\" title=\"" + bounds(one.box()))
                            .append("; x_wconf " + Math.round(100 * one.score()) + "\">");
                    escaped(one.text(), out);
                    out.append("</span>");
                }
                out.append("\n  </span>\n");
            }
            out.append(" </p>\n");
        }
        return out.append("</div>\n</body>\n</html>\n").toString();
    }

    private static String bounds(Box box) {
        return "bbox " + min(box, Point::x) + " " + min(box, Point::y) + " " + max(box, Point::x) + " "
                + max(box, Point::y);
    }

    private static int min(Box box, ToIntFunction<Point> side) {
        return box.corners().stream().mapToInt(side).min().orElse(0);
    }

    private static int max(Box box, ToIntFunction<Point> side) {
        return box.corners().stream().mapToInt(side).max().orElse(0);
    }

    private static void escaped(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> out.append(c);
            }
        }
    }

    static String json(OcrText text) {
        StringBuilder out = new StringBuilder(1024);
        out.append("{\"width\":" + text.width() + ",\"height\":" + text.height() + ",\"rotation\":" + text.rotation())
                .append(",\"paragraphs\":[");
        String between = "";
        for (OcrParagraph paragraph : text.paragraphs()) {
            out.append(between).append("{\"lines\":[");
            String betweenLines = "";
            for (OcrLine line : paragraph.lines()) {
                out.append(betweenLines);
                entry(line.text(), line.score(), line.box(), out);
                out.append(",\"words\":[");
                String betweenWords = "";
                for (OcrWord word : line.words()) {
                    out.append(betweenWords);
                    entry(word.text(), word.score(), word.box(), out);
                    out.append('}');
                    betweenWords = ",";
                }
                out.append("]}");
                betweenLines = ",";
            }
            out.append("]}");
            between = ",";
        }
        return out.append("]}").toString();
    }

    private static void entry(String text, double score, Box box, StringBuilder out) {
        out.append("{\"text\":\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append("\",\"score\":")
                .append(String.format(Locale.ROOT, "%.4f", score))
                .append(",\"box\":[");
        String between = "";
        for (Point corner : box.corners()) {
            out.append(between + "[" + corner.x() + "," + corner.y() + "]");
            between = ",";
        }
        out.append(']');
    }
}
