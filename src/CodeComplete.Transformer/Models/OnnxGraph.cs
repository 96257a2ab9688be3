namespace CodeComplete.Transformer;

/// <summary>
/// What an ONNX file says about itself, read without loading it: its inputs and outputs, and how much of which weight file it needs.
/// A dimension that is only named is -1.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly ProtobufReader _reader;
    private readonly Dictionary<string, long> _firstDimensions = [];
    private string? _cosines;

    private OnnxGraph(ProtobufReader reader) => _reader = reader;

    public Dictionary<string, long[]> Inputs { get; } = [];

    public Dictionary<string, long[]> Outputs { get; } = [];

    /// <summary>Weight file name to the length it must have at least.</summary>
    public Dictionary<string, long> WeightFiles { get; } = [];

    /// <summary>Positions the rotary embedding's table holds; <see langword="null"/> where the graph has no such table.</summary>
    public long? Positions => _cosines is not null && _firstDimensions.TryGetValue(_cosines, out var rows) ? rows : null;

    /// <exception cref="ModelException">The file is not an ONNX graph.</exception>
    public static OnnxGraph Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var graph = new OnnxGraph(new ProtobufReader(stream));
            graph.Fields(stream.Length, (field, wire) => field == 7 && wire == 2 && graph.Nested(graph.GraphField));
            if (graph.Inputs.Count == 0)
            {
                throw new InvalidDataException();
            }

            return graph;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or OverflowException)
        {
            throw new ModelException($"'{path}' is damaged, it is not an ONNX graph: copy it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"'{path}' cannot be read ({e.Message.TrimEnd('.')}): mend its permissions, or copy it again.", e);
        }
    }

    /// <summary>Runs over a message's fields; <paramref name="take"/> says whether it has read the value.</summary>
    private void Fields(long end, Func<int, int, bool> take)
    {
        while (_reader.Position < end)
        {
            var (field, wire) = _reader.Tag();
            if (!take(field, wire))
            {
                _reader.Skip(wire);
            }
        }

        if (_reader.Position != end)
        {
            throw new InvalidDataException();
        }
    }

    private bool Nested(Func<int, int, bool> take)
    {
        Fields(_reader.Message(), take);
        return true;
    }

    // The numbers are those of onnx.proto.
    private bool GraphField(int field, int wire)
    {
        switch (field)
        {
            case 1:
                return Node();
            case 5:
                return Tensor();
            case 11:
                return Value(Inputs);
            case 12:
                return Value(Outputs);
            default:
                return false;
        }
    }

    private bool Node()
    {
        var inputs = new List<string>();
        var kind = "";
        Nested(
            (field, _) =>
            {
                switch (field)
                {
                    case 1:
                        inputs.Add(_reader.Text());
                        return true;
                    case 4:
                        kind = _reader.Text();
                        return true;
                    default:
                        return false;
                }
            }
        );
        const int CosinesInput = 7;
        if (kind == "GroupQueryAttention" && inputs.Count > CosinesInput)
        {
            _cosines = inputs[CosinesInput];
        }

        return true;
    }

    private bool Tensor()
    {
        var name = "";
        var location = "";
        long offset = 0,
            length = 0,
            first = -1;
        Nested(
            (field, wire) =>
            {
                switch (field)
                {
                    case 1 when wire == 0:
                        var size = (long)_reader.Varint();
                        first = first < 0 ? size : first;
                        return true;
                    case 1 when wire == 2:
                        var end = _reader.Message();
                        while (_reader.Position < end)
                        {
                            var packed = (long)_reader.Varint();
                            first = first < 0 ? packed : first;
                        }

                        return true;
                    case 8:
                        name = _reader.Text();
                        return true;
                    case 13:
                        var (key, value) = Entry();
                        switch (key)
                        {
                            case "location":
                                location = value;
                                break;
                            case "offset":
                                offset = Number(value);
                                break;
                            case "length":
                                length = Number(value);
                                break;
                        }

                        return true;
                    default:
                        return false;
                }
            }
        );
        _firstDimensions[name] = first;
        if (location.Length > 0)
        {
            WeightFiles[location] = Math.Max(WeightFiles.GetValueOrDefault(location), checked(offset + length));
        }

        return true;
    }

    private (string Key, string Value) Entry()
    {
        string key = "",
            value = "";
        Nested(
            (field, _) =>
            {
                switch (field)
                {
                    case 1:
                        key = _reader.Text();
                        return true;
                    case 2:
                        value = _reader.Text();
                        return true;
                    default:
                        return false;
                }
            }
        );
        return (key, value);
    }

    private bool Value(Dictionary<string, long[]> into)
    {
        var name = "";
        var dimensions = new List<long>();
        Nested(
            (field, _) =>
            {
                switch (field)
                {
                    case 1:
                        name = _reader.Text();
                        return true;
                    case 2: // type
                        return Nested(
                            (kind, _) =>
                                kind == 1 && Nested((part, _) => part == 2 && Nested((dim, _) => dim == 1 && Dimension(dimensions)))
                        );
                    default:
                        return false;
                }
            }
        );
        into[name] = [.. dimensions];
        return true;
    }

    private bool Dimension(List<long> into)
    {
        long value = -1;
        Nested(
            (field, _) =>
            {
                if (field != 1)
                {
                    return false;
                }

                value = (long)_reader.Varint();
                return true;
            }
        );
        into.Add(value);
        return true;
    }

    private static long Number(string text) => long.TryParse(text, out var value) && value >= 0 ? value : throw new InvalidDataException();
}
