using System.Text.Json;
using Mimir.Cli.Terminal;
using Mimir.Configuration.Showing;

namespace Mimir.Cli.Views;

/// <summary>What differs between two configurations, as lines for people and as JSON for programs.</summary>
internal static class DifferenceView
{
    /// <summary>Prints what is added (<c>+</c>), removed (<c>-</c>) and changed (<c>~</c>), a server or namespace at a time.</summary>
    public static void Write(CliConsole console, ConfigDifference difference)
    {
        if (difference.Changes.IsEmpty)
        {
            console.Error.WriteLine("Nothing would change.");
        }

        foreach (var owner in difference.Changes.GroupBy(c => (c.Any.Section, c.Any.Name)))
        {
            var (sign, ink) = owner.First().Kind switch
            {
                ChangeKind.Added => ("+", Ink.Good),
                ChangeKind.Removed => ("-", Ink.Bad),
                _ => ("~", Ink.Warning),
            };
            if (owner.Key.Name.Length > 0)
            {
                console.Out.WriteLine(console.OnOut(ink, SafeText.Line($"{sign} {Word(owner.Key.Section)} {owner.Key.Name}")));
            }

            foreach (var change in owner.Where(c => c.Kind == ChangeKind.Changed || !IsDefault(c)))
            {
                var (now, other) = Values(change);
                console.Out.WriteLine(SafeText.Line($"{(owner.Key.Name.Length > 0 ? "    " : "~ ")}{change.Any.Key}: {Text(change.Kind, now, other)}"));
            }
        }
    }

    /// <summary>
    /// <c>{"same","changes":[{"kind","section","name","key","now","other"}]}</c>. <c>kind</c> says what becomes of the server, namespace or cluster that the key
    /// belongs to: added, removed or changed; <c>name</c> is null where it belongs to none; <c>now</c> and <c>other</c> are <c>{"value","masked","default","file","line"}</c>
    /// or null. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(ConfigDifference difference) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("same", difference.Changes.IsEmpty);
        writer.WriteStartArray("changes");
        foreach (var change in difference.Changes)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", change.Kind switch { ChangeKind.Added => "added", ChangeKind.Removed => "removed", _ => "changed" });
            writer.WriteString("section", change.Any.Section);
            writer.WriteString("name", change.Any.Name.Length == 0 ? null : change.Any.Name);
            writer.WriteString("key", change.Any.Key);
            WriteSide(writer, "now", change.Now);
            WriteSide(writer, "other", change.Other);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteSide(Utf8JsonWriter writer, string name, ShownKey? key)
    {
        if (key is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WritePropertyName("value");
        writer.WriteRawValue(key.Value);
        writer.WriteBoolean("masked", key.IsMasked);
        writer.WriteBoolean("default", key.Mark is null);
        writer.WriteString("file", key.Mark?.File);
        writer.WriteNumber("line", key.Mark?.Line ?? 0);
        writer.WriteEndObject();
    }

    private static string Word(string section) => section switch
    {
        "mcpServers" => "server",
        "namespaces" => "namespace",
        "clusters" => "cluster",
        _ => section,
    };

    private static bool IsDefault(KeyChange change) => change.Any.Mark is null;

    private static (string Now, string Other) Values(KeyChange change) => (change.Now?.Value ?? "not written", change.Other?.Value ?? "not written");

    // Where nothing can be seen of what differs, it is said that something does.
    private static string Text(ChangeKind kind, string now, string other) => kind switch
    {
        ChangeKind.Added => other,
        ChangeKind.Removed => now,
        _ when now == other => $"{now} (what is not shown differs)",
        _ => $"{now} -> {other}",
    };
}
