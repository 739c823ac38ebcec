using System.Globalization;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Views;

/// <summary>A line of a log, for people and for programs.</summary>
internal static class LogView
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary><c>TIME PROCESS TEXT</c>; what Mimir says of the process stands behind <c>--</c>.</summary>
    public static string ToLine(CliConsole console, LogRow row)
    {
        var process = row.ProcessId == 0 ? "-" : row.ProcessId.ToString(CultureInfo.InvariantCulture);
        var head = console.OnOut(Ink.Faint, $"{Time(row)} {process}");
        return row.IsNote ? $"{head} {console.OnOut(Ink.Warning, "-- " + SafeText.Line(row.Text))}" : $"{head} {SafeText.Block(row.Text)}";
    }

    /// <summary>
    /// <c>{"time","pid","source","text"}</c>: <c>source</c> is <c>stderr</c>, or <c>mimir</c> for what Mimir says of the process;
    /// <c>pid</c> is 0 where it is of none. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(LogRow row) => JsonText.Build(
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("time", Time(row));
            writer.WriteNumber("pid", row.ProcessId);
            writer.WriteString("source", row.IsNote ? "mimir" : "stderr");
            writer.WriteString("text", row.Text);
            writer.WriteEndObject();
        },
        indented: false);

    private static string Time(LogRow row) => row.Time.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
