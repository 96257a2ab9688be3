namespace CodeComplete.Transformer;

/// <summary>A graph's input or output.</summary>
/// <param name="Element">onnx.proto's TensorProto.DataType; 0 where the value is no tensor.</param>
/// <param name="Shape">A dimension that is only named is -1.</param>
internal sealed record OnnxValue(int Element, long[] Shape)
{
    public const int Float = 1;
    public const int Int64 = 7;
    public const int Float16 = 10;
}

/// <summary>
/// What an ONNX file says about itself, read without loading it: its inputs and outputs, where it keeps keys and values, and how much of
/// which weight file it needs.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly ProtobufReader _reader;
    private readonly Dictionary<string, long> _firstDimensions = [];

    // What GroupQueryAttention takes as past and gives as present; given one buffer for both, it writes behind what stands there.
    private readonly HashSet<(string Past, string Present)> _writtenInPlace = [];
    private string? _cosines;

    private OnnxGraph(ProtobufReader reader) => _reader = reader;

    /// <summary>What a caller has to give: weights, which old exports name as inputs too, are left out.</summary>
    public Dictionary<string, OnnxValue> Inputs { get; } = [];

    public Dictionary<string, OnnxValue> Outputs { get; } = [];

    /// <summary>Weight file name to the length it must have at least.</summary>
    public Dictionary<string, long> WeightFiles { get; } = [];

    /// <summary>Positions the rotary embedding's table holds; <see langword="null"/> where the graph has no such table.</summary>
    public long? Positions => _cosines is not null && _firstDimensions.TryGetValue(_cosines, out var rows) ? rows : null;

    /// <summary>Whether one buffer may be past and present at once, so that a call writes behind what stands in it.</summary>
    public bool WritesInPlace(string past, string present) => _writtenInPlace.Contains((past, present));

    /// <exception cref="ModelException">The file is not an ONNX graph.</exception>
    public static OnnxGraph Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var graph = new OnnxGraph(new ProtobufReader(stream));
            graph.Fields(stream.Length, (field, wire) => field == 7 && wire == 2 && graph.Nested(graph.GraphField));
            foreach (var weights in graph._firstDimensions.Keys)
            {
                graph.Inputs.Remove(weights);
            }

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
        var outputs = new List<string>();
        var kind = "";
        Nested(
            (field, _) =>
            {
                switch (field)
                {
                    case 1:
                        inputs.Add(_reader.Text());
                        return true;
                    case 2:
                        outputs.Add(_reader.Text());
                        return true;
                    case 4:
                        kind = _reader.Text();
                        return true;
                    default:
                        return false;
                }
            }
        );
        // Inputs query, key, value, past key, past value, lengths, total, cosines, ...; outputs result, present key, present value.
        const int PastKeyInput = 3;
        const int PastValueInput = 4;
        const int CosinesInput = 7;
        const int PresentKeyOutput = 1;
        const int PresentValueOutput = 2;
        if (kind == "GroupQueryAttention")
        {
            if (inputs.Count > CosinesInput && inputs[CosinesInput].Length > 0)
            {
                _cosines = inputs[CosinesInput];
            }

            if (inputs.Count > PastValueInput && outputs.Count > PresentValueOutput)
            {
                _writtenInPlace.Add((inputs[PastKeyInput], outputs[PresentKeyOutput]));
                _writtenInPlace.Add((inputs[PastValueInput], outputs[PresentValueOutput]));
            }
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

    private bool Value(Dictionary<string, OnnxValue> into)
    {
        var name = "";
        var element = 0;
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
                        return Nested((kind, _) => kind == 1 && Nested((part, _) => part == 1 ? Element() : part == 2 && Shape()));
                    default:
                        return false;
                }
            }
        );
        into[name] = new OnnxValue(element, [.. dimensions]);
        return true;

        bool Element()
        {
            element = (int)_reader.Varint();
            return true;
        }

        bool Shape() => Nested((dim, _) => dim == 1 && Dimension(dimensions));
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
