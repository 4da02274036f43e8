package dev.leat.benchmarks.ocr;

import static java.util.Objects.requireNonNull;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Drawn till receipts whose text is known, so that reading can be compared where no scans are: Java's logical fonts on
 * grey paper, items and amounts in columns, and what scans of thermal print have: weak and uneven ink, streaks of a worn
 * print head, dust, grain, a slight turn, the blur of a lens, and a JPEG's losses. Confined.
 *
 * <p>They are easier than scans, and their fonts are among those that Leat's recogniser was trained with where a machine
 * has Debian's usual fonts; {@code docs/quality.md} has the figures of scanned receipts.
 */
public final class Receipts {

    private static final List<String> NAMES = List.of(
            "HARBOUR",
            "MAPLE",
            "GOLDEN LEAF",
            "NORTHGATE",
            "SERI INDAH",
            "LUCKY STAR",
            "OAK & SONS",
            "BRIGHT",
            "KIM HUAT");
    private static final List<String> TRADES =
            List.of("HARDWARE SDN BHD", "TRADING", "MINI MARKET", "BAKERY", "STATIONERY (M) LTD", "CAFE", "PHARMACY");
    private static final List<String> STREETS =
            List.of("Jalan Besar", "Mill Road", "Station Street", "Taman Melati", "Queen's Walk", "Market Lane");
    private static final List<String> TOWNS =
            List.of("Johor Bahru", "Ipoh, Perak", "Bedford", "Kuala Lumpur", "Shah Alam, Selangor", "Leeds");
    private static final List<String> GOODS = List.of(
            "A4 PAPER 80GSM",
            "Milk 1L",
            "WHITE BREAD",
            "Eggs Grade A 10'S",
            "HEX BOLT M8X40",
            "Teh Tarik",
            "LED BULB 9W",
            "Nasi Lemak Ayam",
            "FISH BALL / CAKE",
            "Cola 330ml",
            "PVC PIPE 15MM",
            "Paracetamol 500mg",
            "BALL PEN BLUE",
            "Iced Lemon Tea",
            "SOAP BAR 3X85G",
            "Brown Rice 5kg",
            "WALL PAINT 1 LTR",
            "Kopi O",
            "TAPE MASKING 24MM",
            "Yoghurt Drink");
    private static final List<String> FAREWELLS =
            List.of("THANK YOU, PLEASE COME AGAIN", "Goods sold are not refundable", "Thank you for your patronage");
    private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

    /** Text where it stands on the paper, before the turn; pixels. */
    private record Cell(String text, Font font, double x, double baseline) {
        Rectangle2D box() {
            var metrics = font.getLineMetrics(text, METRICS);
            return new Rectangle2D.Double(
                    x,
                    baseline - 0.8 * metrics.getAscent(),
                    width(text, font),
                    0.8 * metrics.getAscent() + metrics.getDescent());
        }
    }

    private final Random random;
    private final List<Cell> cells = new ArrayList<>();
    private final List<Double> rules = new ArrayList<>();
    private final int width;
    private final Font plain;
    private final Font bold;
    private double y;

    private Receipts(long number) {
        random = new Random(number);
        width = 480 + random.nextInt(320);
        String family = random.nextInt(5) < 3 ? Font.MONOSPACED : Font.SANS_SERIF;
        int size = width / (family.equals(Font.MONOSPACED) ? 29 : 25);
        plain = new Font(family, Font.PLAIN, size);
        bold = new Font(family, Font.BOLD, size + 4 + random.nextInt(5));
        y = 40;
        write();
    }

    /**
     * Draws receipts: {@code receipt-NUMBER.jpg}, and {@code receipt-NUMBER.csv} with the text and its places in SROIE's
     * form.
     *
     * @param folder gets them
     * @param count how many
     * @param number of the first; each number gives another receipt, and the same one each time where fonts are the same
     * @return the pictures
     * @throws IOException if a file cannot be written
     */
    public static List<Path> draw(Path folder, int count, long number) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (long i = number; i < number + count; i++) {
            Path file = folder.resolve("receipt-" + i + ".jpg");
            new Receipts(i).draw(file, folder.resolve("receipt-" + i + ".csv"));
            files.add(file);
        }
        return files;
    }

    /**
     * Holds what a system read against what is written.
     *
     * @param folder of the receipts
     * @param answers a file of answers, a line each
     * @return {@code wordF1} and {@code characterErrorRate} over all of the answers
     * @throws IOException if a file cannot be read
     */
    public static Map<String, Double> scores(Path folder, Path answers) throws IOException {
        Score score = new Score();
        for (String line : Files.readAllLines(answers)) {
            JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
            Path truth = folder.resolve(answer.get("file").getAsString() + ".csv");
            score.add(Page.read(truth), Answers.page(answer));
        }
        return Map.of("wordF1", score.wordF1(), "characterErrorRate", score.characterErrorRate());
    }

    private void write() {
        centred(one(NAMES) + " " + one(TRADES), bold);
        centred("(" + digits(6) + "-" + (char) ('A' + random.nextInt(26)) + ")", plain);
        centred("No. " + (1 + random.nextInt(99)) + ", " + one(STREETS) + ",", plain);
        centred(digits(5) + " " + one(TOWNS), plain);
        centred("Tel: 0" + (1 + random.nextInt(9)) + "-" + digits(7), plain);
        gap();
        centred("TAX INVOICE", plain);
        ends("Invoice No: CS" + digits(5), "Cashier: " + digits(2));
        ends(
                String.format(
                        Locale.ROOT,
                        "%02d/%02d/20%d",
                        1 + random.nextInt(28),
                        1 + random.nextInt(12),
                        15 + random.nextInt(10)),
                String.format(Locale.ROOT, "%02d:%02d", 8 + random.nextInt(13), random.nextInt(60)));
        rule();
        ends("Qty  Item", "Amount");
        rule();
        long total = items();
        rule();
        long tax = Math.round(total * 0.06);
        long due = Math.round((total + tax) / 5.0) * 5;
        ends("SUBTOTAL", money(total));
        ends("GST 6%", money(tax));
        ends("ROUNDING ADJ", money(due - total - tax));
        line(cell("TOTAL RM", bold, margin()), right(money(due), bold));
        long paid = (due / 5000 + 1) * 5000;
        ends("CASH", money(paid));
        ends("CHANGE", money(paid - due));
        rule();
        centred(one(FAREWELLS), plain);
        y += 40;
    }

    private long items() {
        long total = 0;
        for (int items = 3 + random.nextInt(9); items > 0; items--) {
            int quantity = 1 + random.nextInt(4);
            long price = 50L + 5L * random.nextInt(800);
            total += quantity * price;
            if (random.nextBoolean()) {
                line(
                        cell(String.valueOf(quantity), plain, margin()),
                        cell(one(GOODS), plain, margin() + width("00000", plain)),
                        right(money(quantity * price), plain));
            } else {
                line(cell(one(GOODS), plain, margin()));
                line(
                        cell(digits(8), plain, margin()),
                        cell(quantity + " x " + money(price), plain, width * 0.42),
                        right(money(quantity * price), plain));
            }
        }
        return total;
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    private static String money(long cents) {
        return String.format(
                Locale.ROOT, "%s%d.%02d", cents < 0 ? "-" : "", Math.abs(cents) / 100, Math.abs(cents) % 100);
    }

    private double margin() {
        return width * 0.06;
    }

    private static double width(String text, Font font) {
        return font.getStringBounds(text, METRICS).getWidth();
    }

    private void centred(String text, Font font) {
        line(cell(text, font, Math.max(0, (width - width(text, font)) / 2)));
    }

    private void ends(String left, String right) {
        line(cell(left, plain, margin()), right(right, plain));
    }

    private Cell right(String text, Font font) {
        return cell(text, font, width - margin() - width(text, font));
    }

    private Cell cell(String text, Font font, double x) {
        return new Cell(text, font, x, y + font.getSize());
    }

    private void line(Cell... line) {
        cells.addAll(List.of(line));
        y += 1.3
                * Arrays.stream(line)
                        .mapToInt(each -> each.font().getSize())
                        .max()
                        .orElse(0);
    }

    private void gap() {
        y += plain.getSize();
    }

    private void rule() {
        rules.add(y + 0.5 * plain.getSize());
        gap();
    }

    private void draw(Path picture, Path truth) throws IOException {
        int border = 10 + random.nextInt(60);
        BufferedImage canvas =
                new BufferedImage(width + 2 * border, (int) y + 2 * border, BufferedImage.TYPE_BYTE_GRAY);
        AffineTransform place = AffineTransform.getRotateInstance(
                Math.toRadians(random.nextDouble() * 3 - 1.5), canvas.getWidth() / 2.0, canvas.getHeight() / 2.0);
        place.translate(border, border);
        Graphics2D graphics = canvas.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(grey(170 + random.nextInt(60)));
        graphics.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
        graphics.transform(place);
        graphics.setColor(grey(235 + random.nextInt(20)));
        graphics.fill(new Rectangle2D.Double(0, 0, width, y));
        graphics.setColor(grey(30 + random.nextInt(100)));
        graphics.setStroke(
                new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {7, 5}, 0));
        rules.forEach(at -> graphics.draw(new Line2D.Double(margin(), at, width - margin(), at)));
        StringBuilder written = new StringBuilder();
        for (Cell cell : cells) {
            graphics.setFont(cell.font());
            graphics.drawString(cell.text(), (float) cell.x(), (float) cell.baseline());
            written.append(corners(cell.box(), place)).append(cell.text()).append('\n');
        }
        graphics.dispose();
        if (!ImageIO.write(scanned(canvas), "jpeg", picture.toFile())) {
            throw new IllegalStateException("No writer of JPEG");
        }
        Files.writeString(truth, written);
    }

    private static Color grey(int level) {
        return new Color(level, level, level);
    }

    private static String corners(Rectangle2D box, AffineTransform place) {
        double[] corners = {
            box.getMinX(), box.getMinY(), box.getMaxX(), box.getMinY(),
            box.getMaxX(), box.getMaxY(), box.getMinX(), box.getMaxY()
        };
        place.transform(corners, 0, corners, 0, 4);
        StringBuilder text = new StringBuilder();
        for (double each : corners) {
            text.append(Math.round(each)).append(',');
        }
        return text.toString();
    }

    /** Weakens the ink in streaks and bands, blurs, and strews dust and grain. */
    private BufferedImage scanned(BufferedImage drawn) {
        float side = 0.04f + 0.06f * random.nextFloat();
        float[] kernel = new float[9];
        Arrays.fill(kernel, side);
        kernel[4] = 1 - 8 * side;
        BufferedImage scan = requireNonNull(
                new ConvolveOp(new Kernel(3, 3, kernel), ConvolveOp.EDGE_NO_OP, null).filter(drawn, null));
        WritableRaster raster = scan.getRaster();
        double[] streaks = new double[scan.getWidth()];
        Arrays.setAll(streaks, x -> random.nextInt(60) == 0 ? 0.35 : 1);
        double grain = 4 + random.nextDouble() * 14;
        double phase = random.nextDouble() * 6;
        for (int row = 0; row < scan.getHeight(); row++) {
            double band = 0.85 + 0.15 * Math.sin(phase + row / 90.0);
            for (int x = 0; x < scan.getWidth(); x++) {
                double ink = (255 - raster.getSample(x, row, 0)) * streaks[x] * band;
                double dust = random.nextInt(4000) == 0 ? 120 : 0;
                long level = Math.round(255 - ink - dust + random.nextGaussian() * grain);
                raster.setSample(x, row, 0, (int) Math.max(0, Math.min(255, level)));
            }
        }
        return scan;
    }
}
