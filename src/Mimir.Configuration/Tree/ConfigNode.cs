using System.Collections.Immutable;

namespace Mimir.Configuration.Tree;

/// <summary>
/// A node of the neutral tree that every format is read into. It knows its file, line, column and key, so that any later
/// stage can say where a fault stands. Immutable and safe for any thread.
/// </summary>
public sealed class ConfigNode
{
    private ConfigNode(ConfigKind kind, ConfigMark mark, KeyPath path, string text, ImmutableArray<ConfigMember> members, ImmutableArray<ConfigNode> items)
    {
        Kind = kind;
        Mark = mark;
        Path = path;
        Text = text;
        Members = members;
        Items = items;
    }

    /// <summary>What the node is.</summary>
    public ConfigKind Kind { get; }

    /// <summary>Where its value begins.</summary>
    public ConfigMark Mark { get; }

    /// <summary>The keys that lead to it.</summary>
    public KeyPath Path { get; }

    /// <summary>A string's value unescaped, a number or boolean exactly as written; empty for everything else.</summary>
    public string Text { get; }

    /// <summary>Members in written order, no name twice; empty unless an object.</summary>
    public ImmutableArray<ConfigMember> Members { get; }

    /// <summary>Items in written order; empty unless an array.</summary>
    public ImmutableArray<ConfigNode> Items { get; }

    /// <summary>The kind with its article, for messages: <c>a string</c>, <c>an object</c>.</summary>
    public string KindInWords => Kind switch
    {
        ConfigKind.Object => "an object",
        ConfigKind.Array => "an array",
        ConfigKind.String => "a string",
        ConfigKind.Number => "a number",
        ConfigKind.Boolean => "a boolean",
        _ => "null",
    };

    /// <summary>An object.</summary>
    public static ConfigNode Object(ConfigMark mark, KeyPath path, ImmutableArray<ConfigMember> members) =>
        new(ConfigKind.Object, mark, path, "", members, []);

    /// <summary>An array.</summary>
    public static ConfigNode Array(ConfigMark mark, KeyPath path, ImmutableArray<ConfigNode> items) =>
        new(ConfigKind.Array, mark, path, "", [], items);

    /// <summary>A string, number, boolean or null.</summary>
    /// <param name="kind">Which of them.</param>
    /// <param name="mark">Where it begins.</param>
    /// <param name="path">The keys that lead to it.</param>
    /// <param name="text">See <see cref="Text"/>.</param>
    public static ConfigNode Scalar(ConfigKind kind, ConfigMark mark, KeyPath path, string text) =>
        new(kind, mark, path, text, [], []);

    /// <summary>Finds a member.</summary>
    /// <param name="name">Its exact name.</param>
    /// <returns>The member, or null when there is none.</returns>
    public ConfigMember? Find(string name)
    {
        foreach (var member in Members)
        {
            if (string.Equals(member.Name, name, StringComparison.Ordinal))
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The object without the members that are null: in YAML a key is written with nothing behind it to say that it is not set.</summary>
    public ConfigNode WithoutNulls() => Kind == ConfigKind.Object ? Object(Mark, Path, Members.RemoveAll(member => member.Value.Kind == ConfigKind.Null)) : this;

    /// <summary>Kind, key and place; never the value, which may be a secret.</summary>
    public override string ToString() => $"{Path} ({KindInWords}) at {Mark}";
}
