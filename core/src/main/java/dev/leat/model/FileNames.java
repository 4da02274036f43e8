package dev.leat.model;

import java.util.regex.Pattern;

/** Which model ids and file names are accepted: plain relative names that cannot leave their folder. */
final class FileNames {

    static final String ID_RULE = "lower-case letters, digits, '.', '_' and '-', beginning with a letter or digit";
    static final String FILE_RULE = "a relative name such as 'model.onnx' or 'onnx/model.onnx', without '..'";

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");
    // Each segment begins with a letter, digit or underscore: neither hidden files, '.', '..' nor an empty segment
    // (which would make the name absolute) match; nor does a drive letter, as ':' is not among the characters.
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*");

    private FileNames() {}

    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    static boolean isFile(String file) {
        return file.length() <= 255 && FILE.matcher(file).matches();
    }

    /** Returns the name in quotes with everything unusual replaced, fit for a message. */
    static String quoted(String name) {
        String cut = name.length() <= 80 ? name : name.substring(0, 80) + "...";
        return "'" + cut.replaceAll("[^ -~]", "?") + "'";
    }
}
