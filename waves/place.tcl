# Places the window of GTKWave: WAVES_FROM and WAVES_TO are times, WAVES_AT is where the marker goes. With WAVES_PNG set, it
# pictures the window and leaves.
gtkwave::setZoomRangeTimes $::env(WAVES_FROM) $::env(WAVES_TO)
gtkwave::setMarker $::env(WAVES_AT)
if {[info exists ::env(WAVES_PNG)]} {
    gtkwave::/File/Grab_To_File $::env(WAVES_PNG)
    gtkwave::/File/Quit
}
