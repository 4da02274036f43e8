package dev.leat.benchmarks.compare;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Drawn pictures of 12 megapixels with the fine grain of a photograph, as JPEG. */
final class Photos {

    private static final int WIDTH = 4000;
    private static final int HEIGHT = 3000;

    private Photos() {}

    /** Returns the file of a picture; no two numbers give the same. */
    static byte[] jpeg(long number) {
        Random random = new Random(number);
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setPaint(new GradientPaint(0, 0, colour(random), WIDTH, HEIGHT, colour(random)));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        for (int i = 0; i < 400; i++) {
            graphics.setColor(colour(random));
            int size = 20 + random.nextInt(600);
            graphics.fillOval(random.nextInt(WIDTH), random.nextInt(HEIGHT), size, 10 + random.nextInt(size));
        }
        graphics.dispose();
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int grain = random.nextInt(16) * 0x010101;
                picture.setRGB(x, y, (picture.getRGB(x, y) & 0xf0f0f0) | grain);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, "jpeg", file)) {
                throw new IllegalStateException("No writer of JPEG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    private static Color colour(Random random) {
        return new Color(random.nextInt(0x1000000));
    }
}
