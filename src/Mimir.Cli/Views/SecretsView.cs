using System.Globalization;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Views;

/// <summary>The secrets, as a table for people and as JSON for programs: names, and nothing made of values.</summary>
internal static class SecretsView
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Prints the table.</summary>
    public static void WriteTable(CliConsole console, IReadOnlyList<SecretRow> secrets)
    {
        var table = new TextTable("NAME", "SET", "FROM", "SERVERS");
        foreach (var secret in secrets)
        {
            table.Add(
                (secret.Name, Ink.Bold),
                (Time(secret) ?? "-", Ink.Plain),
                secret.Source is null ? ("missing", Ink.Bad) : (secret.Source, Ink.Plain),
                (secret.Servers.Count == 0 ? "-" : string.Join(", ", secret.Servers), Ink.Plain));
        }

        table.WriteTo(console);
    }

    /// <summary>
    /// <c>{"secrets":[{"name","set","source","servers":[...]}]}</c> by name. <c>set</c> is when it was put into the vault, or null; <c>source</c> is
    /// <c>environment</c>, <c>vault</c>, <c>.env</c>, or null when it is missing. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(IReadOnlyList<SecretRow> secrets) => JsonText.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("secrets");
        foreach (var secret in secrets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", secret.Name);
            writer.WriteString("set", Time(secret));
            writer.WriteString("source", secret.Source);
            writer.WriteStartArray("servers");
            foreach (var server in secret.Servers)
            {
                writer.WriteStringValue(server);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static string? Time(SecretRow secret) => secret.SetAt?.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
