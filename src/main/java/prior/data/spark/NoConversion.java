package prior.data.spark;

import java.util.List;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;

/** The record converters that column readers ask for but never call when read value by value. */
final class NoConversion extends GroupConverter {
  private final List<Converter> children;

  NoConversion(GroupType group) {
    children =
        group.getFields().stream()
            .map(
                field ->
                    field.isPrimitive()
                        ? new PrimitiveConverter() {}
                        : (Converter) new NoConversion(field.asGroupType()))
            .toList();
  }

  @Override
  public Converter getConverter(int fieldIndex) {
    return children.get(fieldIndex);
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
