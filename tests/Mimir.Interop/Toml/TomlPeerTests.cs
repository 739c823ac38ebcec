using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Tree;
using Mimir.Peers;

namespace Mimir.Interop.Toml;

/// <summary>Our reader of TOML against one written by others: both refuse the same documents, and the rest says the same to both.</summary>
public sealed class TomlPeerTests
{
    private const int Documents = 3000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Read_RandomDocuments_SayWhatTheySayToTheReaderOfOthers(int seed)
    {
        var source = new TomlDocuments(new Random(seed));
        string[] documents = [.. Enumerable.Range(0, Documents).Select(_ => source.Next())];
        JsonElement[] theirs = await TheirsAsync(documents);

        int refused = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            var issues = new IssueList();
            ConfigNode? node = TomlTree.Read(Encoding.UTF8.GetBytes(documents[i]), "/f", KeyPath.Top, issues);
            string told = string.Join('\n', issues.Sorted([]));
            Assert.True((theirs[i].ValueKind == JsonValueKind.Null) == issues.HasErrors, $"{documents[i]}\n---\nours: {told}\ntheirs: {theirs[i]}");
            refused += issues.HasErrors ? 1 : 0;
            if (!issues.HasErrors)
            {
                Assert.True(IsSame(node!, theirs[i]), $"{documents[i]}\n---\ntheirs: {theirs[i]}");
            }
        }

        Assert.InRange(refused, Documents / 10, Documents * 9 / 10);
    }

    private static async Task<JsonElement[]> TheirsAsync(string[] documents)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mimir-interop-toml-");
        try
        {
            string file = Path.Combine(folder.FullName, "documents.json");
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(documents));
            using var late = new CancellationTokenSource(Limit);
            var start = new ProcessStartInfo(Workshop.Node, [Workshop.Script("toml.mjs"), file]) { RedirectStandardOutput = true };
            using Process node = Process.Start(start)!;
            string answer = await node.StandardOutput.ReadToEndAsync(late.Token);
            await node.WaitForExitAsync(late.Token);
            Assert.Equal(0, node.ExitCode);
            return JsonSerializer.Deserialize<JsonElement[]>(answer)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsSame(ConfigNode ours, JsonElement theirs)
    {
        if (ours.Kind == ConfigKind.Array)
        {
            return theirs.ValueKind == JsonValueKind.Array
                && theirs.GetArrayLength() == ours.Items.Length
                && ours.Items.Zip(theirs.EnumerateArray(), IsSame).All(same => same);
        }

        if (theirs.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        JsonProperty value = theirs.EnumerateObject().Single();
        return (value.Name, ours.Kind) switch
        {
            ("table", ConfigKind.Object) => value.Value.GetArrayLength() == ours.Members.Length
                && value.Value.EnumerateArray().All(member => ours.Find(member[0].GetString()!) is { } found && IsSame(found.Value, member[1])),
            ("integer", ConfigKind.Number) or ("boolean", ConfigKind.Boolean) or ("string", ConfigKind.String) => ours.Text == value.Value.GetString(),
            ("float", ConfigKind.Number) => Double(ours.Text) == Double(value.Value.GetString()!),
            ("float", ConfigKind.String) => ours.Text == value.Value.GetString()!.ToLowerInvariant().Replace("infinity", "inf", StringComparison.Ordinal),
            ("date", ConfigKind.String) => Moment(ours.Text) == Moment(value.Value.GetString()!),
            _ => false,
        };
    }

    private static double Double(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The same moment is written in more than one way: with a space or a T, with more or fewer zeros.</summary>
    private static string Moment(string text) => text.Replace(' ', 'T').Replace(".000", "", StringComparison.Ordinal).Replace(".500", ".5", StringComparison.Ordinal);
}
