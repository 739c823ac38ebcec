using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Mimir.Protocol.Headers;

/// <summary>A property on the way to mirrored arguments. The tree of them is what a walk over the arguments has to look for.</summary>
internal sealed class ParamNode
{
    private const int StackLimit = 256;

    private readonly byte[] _name;
    private readonly int _index;
    private readonly List<ParamNode> _children = [];
    private int _item = -1;

    private ParamNode(string name, int index)
    {
        _name = Encoding.UTF8.GetBytes(name);
        _index = index;
    }

    /// <summary>Joins the paths of all items to one tree.</summary>
    /// <param name="items">The mirrored arguments.</param>
    /// <param name="count">How many nodes the tree has.</param>
    public static ParamNode TreeOf(ImmutableArray<ParamHeader> items, out int count)
    {
        count = 1;
        var root = new ParamNode("", 0);
        for (var i = 0; i < items.Length; i++)
        {
            var node = root;
            foreach (var name in items[i].Path)
            {
                var utf8 = Encoding.UTF8.GetBytes(name);
                var child = node._children.Find(c => c._name.AsSpan().SequenceEqual(utf8));
                if (child is null)
                {
                    child = new ParamNode(name, count++);
                    node._children.Add(child);
                }

                node = child;
            }

            node._item = i;
        }

        return root;
    }

    /// <summary>Walks one value of the arguments and notes the scalars of mirrored properties.</summary>
    /// <param name="reader">At the first token of the value; moved to its last.</param>
    /// <param name="values">One place for each item.</param>
    /// <param name="seen">One place for each node.</param>
    /// <returns>False when a property of the tree stands twice in one object.</returns>
    /// <exception cref="JsonException">The arguments are not JSON.</exception>
    public bool TryFind(ref Utf8JsonReader reader, scoped Span<ArgumentValue> values, scoped Span<bool> seen)
    {
        if (reader.TokenType != JsonTokenType.StartObject || _children.Count == 0)
        {
            Note(ref reader, values);
            return true;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = ChildNamed(ref reader);
            reader.Read();
            if (child is null)
            {
                reader.Skip();
                continue;
            }

            if (seen[child._index])
            {
                return false;
            }

            seen[child._index] = true;
            if (!child.TryFind(ref reader, values, seen))
            {
                return false;
            }
        }

        return true;
    }

    private void Note(ref Utf8JsonReader reader, scoped Span<ArgumentValue> values)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
        }
        else if (_item >= 0 && reader.TokenType != JsonTokenType.Null)
        {
            var start = (int)reader.TokenStartIndex;
            values[_item] = new ArgumentValue(start, (int)reader.BytesConsumed - start);
        }
    }

    private ParamNode? ChildNamed(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return ChildNamed(raw);
        }

        Span<byte> text = raw.Length <= StackLimit ? stackalloc byte[StackLimit] : new byte[raw.Length];
        return JsonScalar.TryUnescapeContent(raw, text, out var length) ? ChildNamed(text[..length]) : null;
    }

    private ParamNode? ChildNamed(ReadOnlySpan<byte> name)
    {
        foreach (var child in _children)
        {
            if (name.SequenceEqual(child._name))
            {
                return child;
            }
        }

        return null;
    }
}
