using System.Globalization;
using System.Text;

namespace Mimir.Configuration.Tree;

/// <summary>The keys from the top of the configuration to a node, e.g. <c>mcpServers.files.args[1]</c>. Immutable.</summary>
public sealed class KeyPath
{
    /// <summary>The top itself.</summary>
    public static readonly KeyPath Top = new(null, null, 0);

    private readonly KeyPath? _parent;
    private readonly string? _name;
    private readonly int _index;

    private KeyPath(KeyPath? parent, string? name, int index)
    {
        _parent = parent;
        _name = name;
        _index = index;
    }

    /// <summary>The path of a member of this object.</summary>
    /// <param name="name">Its key.</param>
    public KeyPath Member(string name) => new(this, name, 0);

    /// <summary>The path of an item of this array.</summary>
    /// <param name="index">From 0.</param>
    public KeyPath Item(int index) => new(this, null, index);

    /// <summary>
    /// Dotted names and bracketed indices; a name with anything but letters, digits, <c>_ - $</c> stands in brackets and quotes.
    /// Empty for the top. Safe to print: control characters are escaped and a long name is cut.
    /// </summary>
    public override string ToString()
    {
        if (_parent is null)
        {
            return "";
        }

        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private static bool IsPlain(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '$'))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= Legible.MaxLength;
    }

    private void Append(StringBuilder text)
    {
        if (_parent is null)
        {
            return;
        }

        _parent.Append(text);
        if (_name is null)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{_index}]");
        }
        else if (IsPlain(_name))
        {
            text.Append(text.Length == 0 ? "" : ".").Append(_name);
        }
        else
        {
            text.Append("[\"").Append(Legible.Text(_name)).Append("\"]");
        }
    }
}
