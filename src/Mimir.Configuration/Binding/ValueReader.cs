using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads one node as the type its row asks for, within the row's bounds.</summary>
/// <param name="issues">Told what does not fit.</param>
/// <param name="expander">Replaces variables.</param>
/// <param name="mayLack">Whether a variable that is not set is passed over in silence.</param>
internal sealed class ValueReader(IssueList issues, Expander expander, bool mayLack)
{
    /// <summary>Reads a string.</summary>
    public Setting<string> Text(KeySpec spec, ConfigNode node)
    {
        if (node.Kind != ConfigKind.String)
        {
            issues.WrongKind(node, "a string", $"\"{spec.Name}\": {spec.Example}");
            return new Setting<string>(node);
        }

        var text = Entry(node, spec);
        if (!text.HasValue || (text.Value.Length >= spec.Min && text.Value.Length <= spec.Max))
        {
            return text;
        }

        var message = text.Value.Length == 0 ? "is empty" : $"has {text.Value.Length} characters";
        issues.Error(node, message, $"Write {spec.Bounds} characters, e.g. {spec.Example}");
        return new Setting<string>(node);
    }

    /// <summary>Reads an array of strings.</summary>
    public Setting<IReadOnlyList<TextEntry>> TextList(KeySpec spec, ConfigNode node)
    {
        if (node.Kind != ConfigKind.Array)
        {
            issues.WrongKind(node, "an array of strings", $"\"{spec.Name}\": {spec.Example}");
            return new Setting<IReadOnlyList<TextEntry>>(node);
        }

        if (!IsCountWithin(spec, node, node.Items.Length))
        {
            return new Setting<IReadOnlyList<TextEntry>>(node);
        }

        var items = new TextEntry[node.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new TextEntry("", Entry(node.Items[i], spec));
        }

        return new Setting<IReadOnlyList<TextEntry>>(items, node, isSecret: true);
    }

    /// <summary>Reads an object of strings.</summary>
    public Setting<IReadOnlyList<TextEntry>> TextMap(KeySpec spec, ConfigNode node)
    {
        if (node.Kind != ConfigKind.Object)
        {
            issues.WrongKind(node, "an object of strings", $"\"{spec.Name}\": {spec.Example}");
            return new Setting<IReadOnlyList<TextEntry>>(node);
        }

        if (!IsCountWithin(spec, node, node.Members.Length))
        {
            return new Setting<IReadOnlyList<TextEntry>>(node);
        }

        var entries = new TextEntry[node.Members.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new TextEntry(node.Members[i].Name, Entry(node.Members[i].Value, spec));
        }

        return new Setting<IReadOnlyList<TextEntry>>(entries, node, isSecret: true);
    }

    /// <summary>Reads true or false; as a string only when a variable holds it.</summary>
    public Setting<bool> Flag(KeySpec spec, ConfigNode node)
    {
        if (Scalar(node, ConfigKind.Boolean, out var isSecret, out var failed) is { } text && text is "true" or "false")
        {
            return new Setting<bool>(text == "true", node, isSecret);
        }

        if (!failed)
        {
            Unfit(node, isSecret, "true or false", $"Write \"{spec.Name}\": {spec.Example}, without quotes");
        }

        return new Setting<bool>(node);
    }

    /// <summary>Reads one of the row's words, in any of its spellings.</summary>
    /// <returns>The word as the row spells it.</returns>
    public Setting<string> Choice(KeySpec spec, ConfigNode node)
    {
        if (node.Kind != ConfigKind.String)
        {
            issues.WrongKind(node, "a string", $"\"{spec.Name}\": {spec.Example}");
            return new Setting<string>(node);
        }

        var text = Entry(node, spec);
        if (!text.HasValue)
        {
            return text;
        }

        foreach (var choice in spec.Choices)
        {
            if (string.Equals(text.Value, choice, StringComparison.Ordinal))
            {
                return text;
            }
        }

        foreach (var (written, means) in spec.Spellings)
        {
            if (string.Equals(text.Value, written, StringComparison.Ordinal))
            {
                return new Setting<string>(means, node, text.IsSecret);
            }
        }

        var known = string.Join(", ", spec.Choices);
        if (text.IsSecret)
        {
            issues.Error(node, $"what it expands to is not one of {known}", "Set the variable to one of them");
        }
        else
        {
            var nearest = NearestName.Find(text.Value, [.. spec.Choices, .. spec.Spellings.Select(spelling => spelling.Written)]);
            issues.Error(
                node,
                $"\"{Legible.Text(text.Value)}\" is not one of {known}",
                nearest is null ? "Write one of them" : $"Did you mean \"{nearest}\"?");
        }

        return new Setting<string>(node);
    }

    /// <summary>Reads a duration, in milliseconds.</summary>
    public Setting<long> Duration(KeySpec spec, ConfigNode node) =>
        Quantities(
            spec,
            node,
            node.Kind == ConfigKind.String && !Expander.Holds(node.Text) ? Quantity.MillisecondsWithUnit : Quantity.Milliseconds,
            "a duration",
            "a number of seconds without quotes, or a string with a unit like \"500ms\", \"30s\", \"5m\", \"1h\"",
            quoted: true);

    /// <summary>Reads a size.</summary>
    public Setting<int> Size(KeySpec spec, ConfigNode node) => Integer(LongSize(spec, node), node);

    /// <summary>Reads a size that may be beyond 2 GiB.</summary>
    public Setting<long> LongSize(KeySpec spec, ConfigNode node) =>
        Quantities(spec, node, Quantity.Bytes, "a size", "a whole number of bytes, or a string like \"512KiB\", \"16MiB\", \"1GiB\"", quoted: true);

    /// <summary>Reads a whole number; as a string only when a variable holds it.</summary>
    public Setting<int> Count(KeySpec spec, ConfigNode node) =>
        Integer(Quantities(spec, node, Quantity.Whole, "a whole number", "it in digits, without quotes", quoted: false), node);

    /// <summary>Reads a number with or without decimals; as a string only when a variable holds it.</summary>
    public Setting<double> Number(KeySpec spec, ConfigNode node)
    {
        if (Scalar(node, ConfigKind.Number, out var isSecret, out var failed) is { } text
            && Quantity.Number(text) is { } value && value >= spec.Min && value <= spec.Max)
        {
            return new Setting<double>(value, node, isSecret);
        }

        if (!failed)
        {
            Unfit(node, isSecret, $"a number of {spec.Bounds}", $"Write {spec.Bounds}, decimals allowed, without quotes");
        }

        return new Setting<double>(node);
    }

    /// <summary>Reads a string, or an array of strings.</summary>
    public Setting<IReadOnlyList<TextEntry>> TextOrList(KeySpec spec, ConfigNode node)
    {
        if (node.Kind == ConfigKind.String)
        {
            return new Setting<IReadOnlyList<TextEntry>>([new TextEntry("", Entry(node, spec))], node);
        }

        if (node.Kind != ConfigKind.Array)
        {
            issues.WrongKind(node, "a string or an array of strings", $"\"{spec.Name}\": {spec.Example}");
            return new Setting<IReadOnlyList<TextEntry>>(node);
        }

        if (node.Items.Length >= spec.Min)
        {
            return TextList(spec, node);
        }

        issues.Error(node, "is empty", $"Write {spec.Bounds} of them, e.g. {spec.Example}");
        return new Setting<IReadOnlyList<TextEntry>>(node);
    }

    private static Setting<int> Integer(Setting<long> read, ConfigNode node) =>
        read.HasValue ? new Setting<int>((int)read.Value, node, read.IsSecret) : new Setting<int>(node);

    private Setting<long> Quantities(KeySpec spec, ConfigNode node, Func<string, long?> parse, string what, string how, bool quoted)
    {
        var isSecret = false;
        var failed = false;
        var text = quoted && node.Kind == ConfigKind.String && !Expander.Holds(node.Text)
            ? node.Text
            : Scalar(node, ConfigKind.Number, out isSecret, out failed);
        if (failed)
        {
            return new Setting<long>(node);
        }

        if (text is null || parse(text) is not { } value)
        {
            Unfit(node, isSecret, what, $"Write {how}; {spec.Bounds}");
            return new Setting<long>(node);
        }

        if (value < spec.Min || value > spec.Max)
        {
            issues.Error(
                node,
                isSecret ? "what it expands to is out of bounds" : $"{Legible.Text(text)} is too {(value < spec.Min ? "small" : "large")}",
                $"Write {spec.Bounds}");
            return new Setting<long>(node);
        }

        return new Setting<long>(value, node, isSecret);
    }

    /// <summary>The text of a node of a kind, or of a string that holds a variable.</summary>
    private string? Scalar(ConfigNode node, ConfigKind kind, out bool isSecret, out bool failed)
    {
        failed = false;
        isSecret = node.Kind == ConfigKind.String && Expander.Holds(node.Text);
        if (!isSecret)
        {
            return node.Kind == kind ? node.Text : null;
        }

        var text = expander.Expand(node, mayLack, "");
        failed = text is null;
        return text;
    }

    private void Unfit(ConfigNode node, bool isSecret, string expected, string remedy) => issues.Error(
        node,
        isSecret ? $"what it expands to is not {expected}"
            : node.Kind is ConfigKind.String or ConfigKind.Number ? $"{(node.Kind == ConfigKind.String ? $"\"{Legible.Text(node.Text)}\"" : Legible.Text(node.Text))} is not {expected}"
            : $"must be {expected}, and is {node.KindInWords}",
        remedy);

    private bool IsCountWithin(KeySpec spec, ConfigNode node, int count)
    {
        if (count <= spec.Max)
        {
            return true;
        }

        issues.Error(node, $"has {count} entries", $"Write at most {spec.Max}");
        return false;
    }

    /// <summary>One entry of a list or map, or a plain string. A number or boolean stands for its text, as it does for the clients that wrote it.</summary>
    internal Setting<string> Entry(ConfigNode node, KeySpec spec)
    {
        if (node.Kind is ConfigKind.Object or ConfigKind.Array or ConfigKind.Null)
        {
            issues.WrongKind(node, "a string", "it in double quotes");
            return new Setting<string>(node);
        }

        var isSecret = node.Kind == ConfigKind.String && Expander.Holds(node.Text);
        var text = isSecret ? expander.Expand(node, mayLack, spec.Name) : node.Text;
        if (text is null)
        {
            return new Setting<string>(node);
        }

        if (text.Length <= KeySpec.MaxEntryLength)
        {
            return new Setting<string>(text, node, isSecret);
        }

        issues.Error(node, $"has {text.Length} characters", $"Write at most {KeySpec.MaxEntryLength}: the system takes no more");
        return new Setting<string>(node);
    }
}
