using Mimir.Configuration.Editing;
using Mimir.Configuration.Proposals;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;
using Mimir.Identity.Tests.Support;
using Mimir.Router.Files;
using Mimir.Router.Setup;
using Mimir.Router.Tests.Support;

namespace Mimir.Configuration.Tests.Proposals;

/// <summary>What waits for the operator.</summary>
public sealed class ProposalBookTests : IDisposable
{
    private static readonly SetupChange s_change = new(SetupChangeKind.AddServer, "files")
    {
        Command = "/bin/sh",
        Arguments = ["-c", "echo \"ü\" \u0007"],
        Environment = [KeyValuePair.Create("A", "1")],
        CredentialRefs = ["X_*"],
        Tags = ["t"],
        Port = 7,
        Description = "d",
    };

    private readonly Workspace _w = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _w.Dispose();

    [Fact]
    public async Task Added_IsReadBackWholeAndForItsOwnerAlone()
    {
        var id = await AddAsync(s_change);

        var waiting = Assert.Single(Book().List());
        Assert.Equal(id, waiting.Id);
        Assert.Equal(["sh"], waiting.Starts);
        Assert.Equal((s_change.Kind, s_change.Name, s_change.Command, s_change.Port, s_change.Description), (waiting.Change.Kind, waiting.Change.Name, waiting.Change.Command, waiting.Change.Port, waiting.Change.Description));
        Assert.Equal(s_change.Arguments, waiting.Change.Arguments);
        Assert.Equal(s_change.Environment, waiting.Change.Environment);
        Assert.Equal(s_change.CredentialRefs, waiting.Change.CredentialRefs);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(Folder, id + ".json")) == DurableFile.Private);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Folder) == DurableFile.PrivateFolder);
    }

    [Fact]
    public async Task Added_Twice_WaitsOnce()
    {
        Assert.Equal(await AddAsync(s_change), await AddAsync(s_change));
        Assert.NotEqual(await AddAsync(s_change), await AddAsync(s_change with { Arguments = ["other"] }));
        Assert.Equal(2, Book().List().Count);
    }

    [Fact]
    public async Task Taken_ByTwo_IsGivenToOne()
    {
        await AddAsync(s_change);
        var waiting = Assert.Single(Book().List());

        Assert.True(Book().Take(waiting));
        Assert.False(Book().Take(waiting));
        Assert.Empty(Book().List());
    }

    [Fact]
    public async Task Waiting_ADayOrTooMany_IsForgottenOrRefused()
    {
        for (var i = 0; i < ProposalBook.Most; i++) await AddAsync(s_change with { Name = $"n{i}" });
        Assert.Contains("wait for the operator already", (await Assert.ThrowsAsync<ConfigEditException>(() => AddAsync(s_change))).Message, StringComparison.Ordinal);

        _time.Advance(ProposalBook.Lifetime + TimeSpan.FromSeconds(1));
        Assert.Empty(Book().List());
        await AddAsync(s_change);
        Assert.Single(Book().List());
    }

    [Fact]
    public async Task Files_ThatAreNone_ArePassedOver()
    {
        var id = await AddAsync(s_change);
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, id + ".json"), TestContext.Current.CancellationToken);
        foreach (var (name, content) in (ReadOnlySpan<(string, string)>)[("bad", "{"), ("zzzzzz", "[]"), ("yyyyyy", text.Replace("\"change\"", "\"chang\"", StringComparison.Ordinal)), ("../xxx", text), ("ABCDEF", text)])
        {
            File.WriteAllText(Path.Combine(Folder, Path.GetFileName(name) + ".json"), content);
        }

        Assert.Equal([id], Book().List().Select(static p => p.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Add_EachStepFailsOrKills_WaitsWholeOrNotAtAll(bool dies)
    {
        for (var at = 1; ; at++)
        {
            var folder = Path.Combine(_w.Folder, $"p{at}");
            string? id = null;
            var fault = await Record.ExceptionAsync(async () =>
                id = await new ProposalBook(folder, _time, new FailingDisk(at, dies, 50)).AddAsync(Place, s_change, [], TestContext.Current.CancellationToken));

            Assert.True(fault is null or FailingDisk.Death or ConfigEditException { Kind: EditTrouble.NotSaved }, $"{fault}");
            Assert.All(new ProposalBook(folder, _time).List(), p => Assert.Equal(s_change.Arguments, p.Change.Arguments));
            if (fault is null)
            {
                Assert.InRange(at, 5, 30);
                Assert.Equal([id], new ProposalBook(folder, _time).List().Select(static p => p.Id));
                return;
            }
        }
    }

    private string Folder => Path.Combine(_w.Folder, "state", "proposals");

    private ConfigLocation Place => ConfigLocation.Find(_w.Folder, _w.Environment);

    private ProposalBook Book() => new(Folder, _time);

    private Task<string> AddAsync(SetupChange change) => Book().AddAsync(Place, change, ["sh"], TestContext.Current.CancellationToken);
}
