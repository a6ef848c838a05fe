package prior.data.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Lets records travel where a session is set to Kryo: Spark's Kryo 4 cannot reach the fields of a
 * record on JDK 17, so it hands them to Java. Set as spark.kryo.registrator.
 */
public final class RecordsInKryo implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    kryo.addDefaultSerializer(Record.class, new JavaSerializer());
  }
}
