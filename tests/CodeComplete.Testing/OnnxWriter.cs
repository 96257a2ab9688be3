using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CodeComplete.Testing;

/// <summary>
/// Writes small ONNX graphs, so that tests need no model of another family, nor Python to make one. The numbers of fields are those of
/// onnx.proto.
/// </summary>
public sealed class OnnxWriter
{
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Float16 = 10;

    private readonly List<byte> _graph = new();
    private readonly List<byte> _external = new();
    private readonly string? _weightFile;
    private int _nodes;

    /// <param name="weightFile">The file beside the graph that holds its weights; <see langword="null"/> to have them inside.</param>
    public OnnxWriter(string? weightFile = null) => _weightFile = weightFile;

    /// <param name="shape">A number a dimension, or a name where it is not fixed.</param>
    public void Input(string name, int element, params object[] shape) => Field(_graph, 11, Value(name, element, shape));

    /// <inheritdoc cref="Input"/>
    public void Output(string name, int element, params object[] shape) => Field(_graph, 12, Value(name, element, shape));

    public string Weights(string name, float[] values, params long[] shape) =>
        Tensor(name, Float, MemoryMarshal.AsBytes<float>(values).ToArray(), shape);

    public string Constant(string name, params long[] values) =>
        Tensor(name, Int64, MemoryMarshal.AsBytes<long>(values).ToArray(), [values.Length]);

    public string Scalar(string name, long value) => Tensor(name, Int64, BitConverter.GetBytes(value), []);

    /// <summary>A node with one output, whose name is returned.</summary>
    public string Node(string kind, string[] inputs, params (string Name, object Value)[] attributes) =>
        Node(kind, inputs, [$"{kind}.{++_nodes}"], attributes);

    /// <summary>A node with named outputs; the first name is returned.</summary>
    /// <param name="kind">With <c>domain:</c> before it where it is not one of ONNX's own.</param>
    /// <param name="attributes">Whole numbers, or lists of them.</param>
    public string Node(string kind, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new List<byte>();
        foreach (var input in inputs)
        {
            Field(node, 1, input);
        }

        foreach (var output in outputs)
        {
            Field(node, 2, output);
        }

        var colon = kind.IndexOf(':', StringComparison.Ordinal);
        Field(node, 4, kind[(colon + 1)..]);
        foreach (var (name, value) in attributes)
        {
            var attribute = new List<byte>();
            Field(attribute, 1, name);
            if (value is long[] many)
            {
                foreach (var one in many)
                {
                    Field(attribute, 8, one);
                }

                Field(attribute, 20, 7);
            }
            else
            {
                Field(attribute, 3, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                Field(attribute, 20, 2);
            }

            Field(node, 5, attribute.ToArray());
        }

        if (colon > 0)
        {
            Field(node, 7, kind[..colon]);
        }

        Field(_graph, 1, node.ToArray());
        return outputs[0];
    }

    public void Write(string folder, string name = "model.onnx")
    {
        Field(_graph, 2, "tests");
        var model = new List<byte>();
        Field(model, 1, 8); // the version of onnx.proto
        Field(model, 7, _graph.ToArray());
        foreach (var (domain, version) in new[] { ("", 17), ("com.microsoft", 1) })
        {
            var opset = new List<byte>();
            Field(opset, 1, domain);
            Field(opset, 2, version);
            Field(model, 8, opset.ToArray());
        }

        File.WriteAllBytes(Path.Combine(folder, name), model.ToArray());
        if (_weightFile is not null)
        {
            File.WriteAllBytes(Path.Combine(folder, _weightFile), _external.ToArray());
        }
    }

    private static byte[] Value(string name, int element, object[] shape)
    {
        var dimensions = new List<byte>();
        foreach (var size in shape)
        {
            var dimension = new List<byte>();
            if (size is string symbol)
            {
                Field(dimension, 2, symbol);
            }
            else
            {
                Field(dimension, 1, Convert.ToInt64(size, CultureInfo.InvariantCulture));
            }

            Field(dimensions, 1, dimension.ToArray());
        }

        var tensor = new List<byte>();
        Field(tensor, 1, element);
        Field(tensor, 2, dimensions.ToArray());
        var type = new List<byte>();
        Field(type, 1, tensor.ToArray());
        var value = new List<byte>();
        Field(value, 1, name);
        Field(value, 2, type.ToArray());
        return value.ToArray();
    }

    private string Tensor(string name, int element, byte[] raw, long[] shape)
    {
        var tensor = new List<byte>();
        foreach (var size in shape)
        {
            Field(tensor, 1, size);
        }

        Field(tensor, 2, element);
        Field(tensor, 8, name);
        if (_weightFile is null || element != Float)
        {
            Field(tensor, 9, raw);
        }
        else
        {
            Entry("location", _weightFile);
            Entry("offset", _external.Count.ToString(CultureInfo.InvariantCulture));
            Entry("length", raw.Length.ToString(CultureInfo.InvariantCulture));
            Field(tensor, 14, 1); // the data is outside
            _external.AddRange(raw);
        }

        Field(_graph, 5, tensor.ToArray());
        return name;

        void Entry(string key, string value)
        {
            var entry = new List<byte>();
            Field(entry, 1, key);
            Field(entry, 2, value);
            Field(tensor, 13, entry.ToArray());
        }
    }

    private static void Field(List<byte> into, int number, string text) => Field(into, number, Encoding.UTF8.GetBytes(text));

    private static void Field(List<byte> into, int number, byte[] bytes)
    {
        Varint(into, ((ulong)number << 3) | 2);
        Varint(into, (ulong)bytes.Length);
        into.AddRange(bytes);
    }

    private static void Field(List<byte> into, int number, long value)
    {
        Varint(into, (ulong)number << 3);
        Varint(into, (ulong)value);
    }

    private static void Varint(List<byte> into, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            into.Add((byte)(value | 0x80));
        }

        into.Add((byte)value);
    }
}
