using System.Drawing;
using System.Text.Json;
using Mimir.Peers;

namespace Mimir.Interop.Apps;

/// <summary>The sample with a window, behind the router, used by the Inspector as its README says. What it draws is read from the screen.</summary>
public sealed class OrreryTests
{
    private const int Block = 9;
    private const float PixelsPerUnit = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly Color Night = Color.FromArgb(12, 14, 28);
    private static readonly Color Blue = Color.FromArgb(51, 128, 255);
    private static readonly Color Grey = Color.FromArgb(204, 204, 204);
    private static readonly Color Green = Color.FromArgb(0, 204, 102);

    private static readonly string[] SeedTools =
    [
        "log", "scene_hierarchy_inspect",
        "transform_inspect", "transform_position_update", "transform_rotation_update", "transform_scale_update", "transform_change",
        "inspector_component_list", "inspector_property_inspect", "inspector_property_set_string", "inspector_property_set_boolean", "inspector_property_set_float",
        "inspector_property_set_vector2", "inspector_property_set_vector3", "inspector_property_set_color",
        "mesh_material_inspect", "mesh_material_set_color", "mesh_material_set_float", "mesh_material_set_boolean",
    ];

    [Fact(Timeout = 300_000)]
    public async Task Agent_ThroughTheRouterAsTheReadmeSays_MovesAndPaintsWhatTheWindowShows()
    {
        Assert.SkipWhen(XScreen.Obstacle is not null, XScreen.Obstacle ?? "");
        await using var stage = await OrreryStage.OpenAsync();
        Assert.Contains("Orrery", await stage.RunAsync(OrreryReadme.Command("./mimir apps")), StringComparison.Ordinal);
        await stage.RunAsync(OrreryReadme.Command("./mimir add"));
        await stage.ServeAsync(OrreryReadme.Command("./mimir up"), "sky");
        await SeeTheSkyAsync(stage);

        // Read: the tools of the toolsets by their names, and bodies in bodies.
        var tools = await stage.ToolsAsync();
        Assert.Equal(SeedTools.Select(name => "sky_" + name).Order(StringComparer.Ordinal), tools.Where(name => name.StartsWith("sky_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var scene = Structured(await stage.CallAsync(OrreryReadme.Command("call sky_scene_hierarchy_inspect")));
        Assert.Equal(["Sun", "Sun/Earth", "Sun/Earth/Moon", "Sun/Mars", "Sun/Saturn", "Sun/Saturn/Rings", "Probe"], Paths(scene.GetProperty("hierarchy")));

        // Inspect, and set: what goes round stops.
        Assert.Contains("Orrery.Sky.Orbit", Text(await stage.CallAsync(OrreryReadme.Command("component_list"))), StringComparison.Ordinal);
        var orbit = Structured(await stage.CallAsync(OrreryReadme.Command("property_inspect"))).GetProperty("properties");
        Assert.Equal(12, orbit.EnumerateArray().Single(property => property.GetProperty("name").GetString() == "DegreesPerSecond").GetProperty("value").GetDouble());
        await stage.CallAsync(OrreryReadme.Command("IsRunning", "path=Sun/Earth "));
        await stage.CallAsync(OrreryReadme.Command("IsRunning", "path=Sun/Earth/Moon "));
        var (earth, moon) = (await PlaceAsync(stage, "Sun/Earth"), await PlaceAsync(stage, "Sun/Earth/Moon"));
        await stage.Screen.SeeAsync("the Earth where it stopped", Pixel(earth), Block, Blue);
        await stage.Screen.SeeAsync("the Moon where it stopped", Pixel(moon), Block, Grey);

        // Move: the Moon goes with the Earth, and where they were is night.
        var moved = Text(await stage.CallAsync(OrreryReadme.Command("position_update")));
        Assert.Equal("Updated 'Sun/Earth' (position).", moved);
        var (newEarth, newMoon) = (await PlaceAsync(stage, "Sun/Earth"), await PlaceAsync(stage, "Sun/Earth/Moon"));
        Assert.Equal((8.5f, 5f), newEarth);
        Assert.Equal(moon.X - earth.X, newMoon.X - newEarth.X, 0.001f);
        Assert.Equal(moon.Y - earth.Y, newMoon.Y - newEarth.Y, 0.001f);
        await stage.Screen.SeeAsync("the Earth where it went", Pixel(newEarth), Block, Blue);
        await stage.Screen.SeeAsync("the Moon where it was carried", Pixel(newMoon), Block, Grey);
        await stage.Screen.SeeAsync("nothing where the Earth was", Pixel(earth), Block, Night);
        await stage.Screen.SeeAsync("nothing where the Moon was", Pixel(moon), Block, Night);

        // Paint: the Earth, and nothing else.
        await stage.CallAsync(OrreryReadme.Command("material_set_color"));
        await stage.Screen.SeeAsync("the Earth in green", Pixel(newEarth), Block, Green);
        Assert.Equal(1, stage.Screen.Look().Share(Pixel(newMoon), Block, Grey));
        Assert.Contains("RGBA(0, 0.8, 0.4, 1)", Text(await stage.CallAsync("call sky_mesh_material_inspect --tool-arg path=Sun/Earth")), StringComparison.Ordinal);
        await stage.CallAsync(OrreryReadme.Command("property_set_string"));
        Assert.Contains("Hello!", Structured(await stage.CallAsync("call sky_inspector_property_inspect --tool-arg path=Probe component_type=Label")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Agent_AtWhatTheAppDoesNotShow_IsRefusedAndToldWhy()
    {
        Assert.SkipWhen(XScreen.Obstacle is not null, XScreen.Obstacle ?? "");
        await using var stage = await OrreryStage.OpenAsync();
        await stage.RunAsync(OrreryReadme.Command("./mimir add"));
        await stage.ServeAsync(OrreryReadme.Command("./mimir up"), "sky");

        Assert.Contains("was not found", await stage.RefusedAsync("call sky_transform_inspect --tool-arg path=Stars"), StringComparison.Ordinal);
        var look = Structured(await stage.CallAsync("call sky_inspector_property_inspect --tool-arg path=Sun component_type=Look")).GetProperty("properties");
        Assert.Equal(["Shape", "Radius"], look.EnumerateArray().Select(property => property.GetProperty("name").GetString()));
        Assert.Contains("has no property 'IsOutline'", await stage.RefusedAsync("call sky_inspector_property_set_boolean --tool-arg path=Sun component_type=Look property_name=IsOutline property_value=true"), StringComparison.Ordinal);
        Assert.Contains("rotation_z turns a body", await stage.RefusedAsync("call sky_transform_rotation_update --tool-arg path=Probe rotation_x=30"), StringComparison.Ordinal);
        Assert.Contains("position_x is 1000: this sky takes -100 to 100", await stage.RefusedAsync("call sky_transform_position_update --tool-arg path=Probe position_x=1000"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task App_WhoseWindowIsClosed_EndsAndTakesItsAnnouncementBack()
    {
        Assert.SkipWhen(XScreen.Obstacle is not null, XScreen.Obstacle ?? "");
        await using var stage = await OrreryStage.OpenAsync();
        Assert.Single(stage.Announced);

        Assert.Equal(1, XWindows.Close(stage.Screen.Display, "Orrery"));

        Assert.Equal(0, await stage.App.EndAsync(Limit));
        Assert.Empty(stage.Announced);
    }

    [Fact(Timeout = 120_000)]
    public async Task App_ThatIsAskedToEnd_EndsAndTakesItsAnnouncementBack()
    {
        Assert.SkipWhen(XScreen.Obstacle is not null, XScreen.Obstacle ?? "");
        await using var stage = await OrreryStage.OpenAsync();
        Assert.Single(stage.Announced);

        stage.App.Ask();

        Assert.Equal(0, await stage.App.EndAsync(Limit));
        Assert.Empty(stage.Announced);
    }

    [Fact(Timeout = 60_000)]
    public async Task App_WithoutSdl_SaysHowItIsInstalled()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "what installs it is another thing there");
        await using var app = PeerProcess.Start(OrreryStage.Program, [], new Dictionary<string, string> { ["SDL2_LIBRARY"] = "/nowhere/libSDL2-2.0.so.0" });

        Assert.Equal(1, await app.EndAsync(Limit));

        Assert.Contains("looked for /nowhere/libSDL2-2.0.so.0", app.Output, StringComparison.Ordinal);
        Assert.Contains(OrreryReadme.Command("libsdl2"), app.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task App_WithoutAScreen_SaysHowToHaveOne()
    {
        Assert.SkipWhen(XScreen.Obstacle is not null, XScreen.Obstacle ?? "");
        await using var app = PeerProcess.Start(OrreryStage.Program, [], new Dictionary<string, string> { ["DISPLAY"] = ":9999", ["WAYLAND_DISPLAY"] = "" });

        Assert.Equal(1, await app.EndAsync(Limit));

        Assert.Contains("No window could be opened", app.Output, StringComparison.Ordinal);
        Assert.Contains(OrreryReadme.Command("xvfb-run"), app.Output, StringComparison.Ordinal);
    }

    private static async Task SeeTheSkyAsync(OrreryStage stage)
    {
        await stage.Screen.SeeAsync("the Sun in the middle", Pixel((0, 0)), Block, Color.FromArgb(255, 199, 51));
        await stage.Screen.SeeAsync("the Probe at the upper left", Pixel((-9, 5.5f)), Block, Color.FromArgb(191, 102, 242));
    }

    /// <summary>Where a place of the sky is on the screen, which the window fills.</summary>
    private static Point Pixel((float X, float Y) place) => new((int)Math.Round(480 + (place.X * PixelsPerUnit)), (int)Math.Round(320 - (place.Y * PixelsPerUnit)));

    private static async Task<(float X, float Y)> PlaceAsync(OrreryStage stage, string path)
    {
        var position = Structured(await stage.CallAsync($"call sky_transform_inspect --tool-arg path={path}")).GetProperty("position");
        return (position.GetProperty("x").GetSingle(), position.GetProperty("y").GetSingle());
    }

    private static IEnumerable<string> Paths(JsonElement nodes) =>
        nodes.EnumerateArray().SelectMany(node => Paths(node.GetProperty("children")).Prepend(node.GetProperty("path").GetString()!));

    private static JsonElement Structured(JsonElement result) => result.GetProperty("structuredContent");

    private static string Text(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString()!;
}
