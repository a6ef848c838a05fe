package prior.data.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Writes vectors in any list layout, by looking at the schema; what no writer here does by itself.
 */
final class OldLists {
  private OldLists() {}

  static void write(Path file, String schemaText, int rows, int textWidth, int imageWidth)
      throws IOException {
    write(file, schemaText, rows, textWidth, imageWidth, writer -> writer);
  }

  /** The same, with other settings of the writer. */
  static void write(
      Path file,
      String schemaText,
      int rows,
      int textWidth,
      int imageWidth,
      UnaryOperator<ExampleParquetWriter.Builder> settings)
      throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType(schemaText);
    try (ParquetWriter<Group> writer =
        settings
            .apply(
                ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                    .withType(schema))
            .build()) {
      for (int row = 0; row < rows; row++) {
        Group group = new SimpleGroupFactory(schema).newGroup();
        fill(group, schema.getType("text_embedding"), row, textWidth);
        fill(group, schema.getType("image_embedding"), row, imageWidth);
        group.add("key", "k" + row);
        writer.write(group);
      }
    }
  }

  private static void fill(Group parent, Type field, int row, int width) {
    if (field.isPrimitive()) {
      for (int i = 0; i < width; i++) {
        add(parent, field, (row * width + i) / 8f - 1);
      }
      return;
    }
    Group list = parent.addGroup(field.getName());
    if (field.asGroupType().containsField("values")) {
      list.add("type", 1);
      fill(list, field.asGroupType().getType("values"), row, width);
      return;
    }
    Type repeated = field.asGroupType().getType(0);
    for (int i = 0; i < width; i++) {
      float value = (row * width + i) / 8f - 1;
      if (repeated.isPrimitive()) {
        add(list, repeated, value);
      } else {
        add(list.addGroup(0), repeated.asGroupType().getType(0), value);
      }
    }
  }

  private static void add(Group group, Type leaf, float value) {
    if (leaf.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE) {
      group.add(leaf.getName(), (double) value);
    } else {
      group.add(leaf.getName(), value);
    }
  }
}
