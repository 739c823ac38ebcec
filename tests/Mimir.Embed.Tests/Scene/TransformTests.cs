using System.Globalization;
using System.Text.Json;
using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Tests.Scene;

/// <summary>Where nodes are: told, and changed at once.</summary>
public sealed class TransformTests
{
    [Fact]
    public async Task Update_EachKind_ChangesTheAxesThatAreGiven()
    {
        await using var stage = await Stage.OpenAsync();
        var node = stage.Scene.Add("Root").Add("Box");
        node.Position = new(1, 2, 3);

        Assert.Equal("Updated 'Root/Box' (position).", await stage.TextAsync("transform_position_update", "path", "Root/Box", "position_y", 7.5, "position_x", null));
        Assert.Equal("Updated 'Root/Box' (rotation).", await stage.TextAsync("transform_rotation_update", "path", "Root/Box", "rotation_z", "90"));
        Assert.Equal("Updated 'Root/Box' (scale).", await stage.TextAsync("transform_scale_update", "path", "Root/Box", "scale_x", 2, "scale_y", 3, "scale_z", 0.1, "scale_transition_time", 0));
        Assert.Equal("Updated 'Root/Box' (position, rotation).", await stage.TextAsync("transform_change", "path", "Root/Box", "position_z", -4, "rotation_x", 720));

        Assert.Equal((new Vec3(1, 7.5f, -4), new Vec3(720, 0, 90), new Vec3(2, 3, 0.1f)), (node.Position, node.EulerDegrees, node.LocalScale));
        Assert.Equal(
            """{"path":"Root/Box","position":{"x":1,"y":7.5,"z":-4},"rotation":{"x":720,"y":0,"z":90},"scale":{"x":2,"y":3,"z":0.1}}""",
            (await stage.JsonAsync("transform_inspect", "path", "Root/Box")).GetRawText());
    }

    [Theory]
    [InlineData("transform_position_update", "position_x, position_y, position_z")]
    [InlineData("transform_rotation_update", "rotation_x, rotation_y, rotation_z")]
    [InlineData("transform_scale_update", "scale_x, scale_y, scale_z")]
    [InlineData("transform_change", "position_x, position_y, position_z, rotation_x")]
    public async Task Update_NoAxis_IsRefusedAndNamesThem(string tool, string words)
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Box");

        Assert.Contains("give at least one of " + words, await stage.RefusedAsync(tool, "path", "Box"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("∞")]
    [InlineData("1e39")]
    [InlineData("-1e400")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("one")]
    [InlineData("")]
    public async Task Update_TextThatIsNoFiniteNumber_IsRefusedAndNothingMoves(string text)
    {
        await using var stage = await Stage.OpenAsync();
        var node = stage.Scene.Add("Box");

        await stage.RefusedAsync("transform_position_update", "path", "Box", "position_x", 1, "position_y", text);
        await stage.RefusedAsync("transform_position_update", "path", "Box", "position_x", 1, "position_transition_time", text);

        Assert.Equal(default, node.Position);
    }

    [Theory]
    [InlineData("1e39")]
    [InlineData("1e400")]
    [InlineData("-1e999999999")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public async Task Update_JsonThatIsNoNumberOfAScene_IsRefused(string json)
    {
        await using var stage = await Stage.OpenAsync();
        var node = stage.Scene.Add("Box");

        await stage.RefusedAsync("transform_scale_update", "path", "Box", "scale_x", JsonElement.Parse(json));

        Assert.Equal(new Vec3(1, 1, 1), node.LocalScale);
    }

    [Theory]
    [InlineData(-0.001, "less than 0")]
    [InlineData(60, "a call may take 60 s here")]
    [InlineData(1e300, "a call may take 60 s here")]
    public async Task Update_TransitionOutOfBounds_IsRefused(double seconds, string words)
    {
        await using var stage = await Stage.OpenAsync();
        var node = stage.Scene.Add("Box");

        Assert.Contains(words, await stage.RefusedAsync("transform_change", "path", "Box", "rotation_y", 1, "position_x", 1, "position_transition_time", seconds), StringComparison.Ordinal);

        Assert.Equal((default, default), (node.Position, node.EulerDegrees));
    }

    [Fact]
    public async Task Update_TransitionWithoutAnAxis_IsRefused()
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Box");

        Assert.Contains("none of scale_x", await stage.RefusedAsync("transform_change", "path", "Box", "position_x", 1, "scale_transition_time", 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_NodeThatIsNowhere_IsRefused()
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Folder").HasTransform = false;

        Assert.Contains("'Folder' has no transform", await stage.RefusedAsync("transform_inspect", "path", "Folder"), StringComparison.Ordinal);
        Assert.Contains("'Folder' has no transform", await stage.RefusedAsync("transform_position_update", "path", "Folder", "position_x", 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_UnderAnotherLanguage_WritesAndReadsNumbersTheSame()
    {
        var before = CultureInfo.DefaultThreadCurrentCulture;
        CultureInfo.DefaultThreadCurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = "," } };
        try
        {
            await using var stage = await Stage.OpenAsync();
            var node = stage.Scene.Add("Box");

            await stage.TextAsync("transform_position_update", "path", "Box", "position_x", "1.5");

            Assert.Equal(1.5f, node.Position.X);
            Assert.Contains("1.5", (await stage.JsonAsync("transform_inspect", "path", "Box")).GetRawText(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.DefaultThreadCurrentCulture = before;
        }
    }
}
