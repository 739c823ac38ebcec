using Mimir.Embed.Scene.InMemory;

namespace Mimir.Embed.Tests.Scene;

/// <summary>What is told of a scene's nodes.</summary>
public sealed class HierarchyTests
{
    [Theory]
    [InlineData("scene_hierarchy_inspect")]
    [InlineData("scene_hierarchy")]
    public async Task Inspect_SmallScene_TellsAllOfItUnderBothNames(string tool)
    {
        await using var stage = await Stage.OpenAsync();
        var ship = stage.Scene.Add("Ship");
        ship.Add("Mast").Add("Flag");
        stage.Scene.Add("Sea");

        var told = await stage.JsonAsync(tool);

        Assert.Equal(
            """{"scene":"Yard","rootCount":2,"hierarchy":[{"id":"1","path":"Ship","children":[{"id":"2","path":"Ship/Mast","children":[{"id":"3","path":"Ship/Mast/Flag","children":[]}]}]},{"id":"4","path":"Sea","children":[]}]}""",
            told.GetRawText());
    }

    [Fact]
    public async Task Inspect_HundredThousandNodes_TellsSomeAndHowManyAreLeft()
    {
        var scene = new InMemoryScene();
        for (var i = 0; i < 1000; i++)
        {
            var root = scene.Add($"R{i}");
            for (var j = 0; j < 99; j++) root.Add($"C{j}");
        }

        await using var stage = await Stage.OpenAsync(scene);

        var told = await stage.JsonAsync("scene_hierarchy_inspect");
        var more = await stage.JsonAsync("scene_hierarchy_inspect", "limit", 1100, "offset", 990);
        var one = await stage.JsonAsync("scene_hierarchy_inspect", "path", "R7", "offset", 98);

        Assert.Equal((1000, 500, 500), (told.GetProperty("rootCount").GetInt32(), told.GetProperty("shown").GetInt32(), told.GetProperty("rootsLeft").GetInt32()));
        Assert.All(told.GetProperty("hierarchy").EnumerateArray(), static n => Assert.Equal(99, n.GetProperty("childrenLeft").GetInt32()));
        Assert.Equal(10, more.GetProperty("hierarchy").GetArrayLength());
        Assert.False(more.TryGetProperty("note", out _));
        Assert.Equal("R7/C98", Assert.Single(Assert.Single(one.GetProperty("hierarchy").EnumerateArray()).GetProperty("children").EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task Inspect_DeepScene_StopsAndGoesOnFromAnId()
    {
        var scene = new InMemoryScene();
        var at = scene.Add("n");
        for (var i = 1; i < 5000; i++) at = at.Add("n");
        await using var stage = await Stage.OpenAsync(scene);

        var told = await stage.JsonAsync("scene_hierarchy_inspect", "max_depth", 24);
        var node = told.GetProperty("hierarchy")[0];
        for (var i = 1; i < 24; i++) node = node.GetProperty("children")[0];
        var further = await stage.JsonAsync("scene_hierarchy_inspect", "path", "#4999");

        Assert.Equal((1, 0), (node.GetProperty("childrenLeft").GetInt32(), node.GetProperty("children").GetArrayLength()));
        Assert.Equal("5000", further.GetProperty("hierarchy")[0].GetProperty("children")[0].GetProperty("id").GetString());
        Assert.Contains("max_depth", await stage.RefusedAsync("scene_hierarchy_inspect", "max_depth", 25), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_EndlessNames_StopsAtSoMuchText()
    {
        var scene = new InMemoryScene();
        for (var i = 0; i < 400; i++) scene.Add(new string('x', 100_000));
        await using var stage = await Stage.OpenAsync(scene);

        var told = await stage.JsonAsync("scene_hierarchy_inspect");

        Assert.Equal((10, 390), (told.GetProperty("shown").GetInt32(), told.GetProperty("rootsLeft").GetInt32()));
    }
}
